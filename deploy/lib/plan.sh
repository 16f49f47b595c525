# shellcheck shell=bash

# What a run would do, with every file that it would write; nothing of a secret is in them.
print_plan() {
  say "This machine: $package_manager, $cores cores, $memory_mib MiB."
  say "Settings: $(if [[ -r $env_file ]]; then printf '%s' "$env_file"; else printf 'none'; fi)"
  say "Metadata: $engine$(if is_redis_here "$redis_url"; then printf ', installed and set up here'; fi)"
  say "Delivery: $delivery. Data: $data_dir"
  say "Processes: $processes, of $process_max_mib MiB at most, on ports from $first_port on."
  if [[ -n $domain ]]; then
    say "HTTPS: $domain, by: certbot ${certificate_arguments[*]} $domain ${email_arguments[*]}"
  else
    say 'HTTPS: no; --domain and --email bring it, or certbot --nginx afterwards.'
  fi
  show_file /etc/systemd/system/imagehost@.service "$(unit_text)"
  show_file "$settings_dir/server.env" "$(server_settings)"
  show_file "$nginx_dir/http.conf" "$(http_text)"
  show_file "$nginx_dir/site.conf" "$(site_text)"
  if is_by_certbot "$nginx_site"; then
    say "$nginx_site stays as certbot made it."
  else
    show_file "$nginx_site" "$(if [[ -n $domain ]]; then secure_text; else plain_text; fi)"
  fi
  say 'Nothing was changed.'
}

show_file() { printf '\n---- %s\n%s\n' "$1" "$2"; }

print_outcome() {
  local url
  url=$(setting_or PUBLIC_URL "${domain:+https://$domain}")
  url=${url:-http://$(uname -n)}
  step "ImageHost runs: $url"
  say 'Who becomes administrator: make an account, then'
  say '  imagehost-server admin grant NAME'
  say 'What this machine lacks: imagehost-server doctor'
  say "Logs: journalctl -u 'imagehost@*'   Stop: ./down.sh   Again, after any change: ./deploy.sh"
}
