# shellcheck shell=bash

certificate_dir() { printf '/etc/letsencrypt/live/%s' "$domain"; }

# By a file that nginx shows, so that certbot changes nothing of nginx; it renews by itself.
get_certificate() {
  [[ -n $domain ]] || return 0
  is_by_certbot "$nginx_site" && return
  step "HTTPS for $domain"
  if [[ ! -r $(certificate_dir)/fullchain.pem ]]; then
    command -v certbot >/dev/null || install_wanted certbot
    certbot "${certificate_arguments[@]}" "$domain" "${email_arguments[@]}" ||
      fail "Let's Encrypt gave no certificate; see above. Does $domain lead here, and is port 80 open to everybody?" \
        'The site works by HTTP meanwhile; run deploy.sh again when that is so.'
  fi
  printf '%s\n' "$domain" >"$state_dir/domain"
  secure_text | put_file "$nginx_site" 0644
  nginx -t -q || fail 'nginx refuses the settings with TLS; see above. It goes on with those from before.'
  systemctl reload nginx.service
  wait_for_answer 308
  start_renewal
}

certificate_arguments=(certonly --webroot --webroot-path "$acme_dir" --non-interactive --agree-tos --keep-until-expiring
  --deploy-hook 'systemctl reload nginx' --domain)

# Debian's certbot brings a timer that runs; that of Amazon Linux waits to be started.
start_renewal() {
  local timer
  for timer in certbot.timer certbot-renew.timer; do
    if systemctl -q cat "$timer" >/dev/null 2>&1; then start_unit "$timer"; fi
  done
}
