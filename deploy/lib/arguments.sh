# shellcheck shell=bash

usage() {
  cat <<'TEXT'
Usage: ./deploy.sh [--domain NAME --email ADDRESS] [--env FILE] [--dry-run]

Without options: ImageHost behind nginx on port 80, by the settings in ./.env.

  --domain NAME     also HTTPS for this name, by a certificate of Let's Encrypt; remembered for the next run
  --email ADDRESS   where Let's Encrypt writes to before a certificate ends
  --env FILE        another file of settings than ./.env
  --dry-run         says what would be done, and changes nothing
TEXT
}

read_arguments() {
  domain='' email='' is_dry_run=no env_file=$source_dir/.env
  while (($# > 0)); do
    case $1 in
      --domain | --email | --env)
        (($# > 1)) || fail "$1 needs a value; see ./deploy.sh --help."
        case $1 in --domain) domain=$2 ;; --email) email=$2 ;; --env) env_file=$2 ;; esac
        shift 2
        ;;
      --dry-run) is_dry_run=yes && shift ;;
      -h | --help) usage && exit 0 ;;
      *) usage >&2 && exit 2 ;;
    esac
  done
  if [[ -n $domain && ! $domain =~ ^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$ ]]; then
    fail "--domain: \"$domain\" is no name for a certificate; write it like img.example.org."
  fi
  email_arguments=(--register-unsafely-without-email)
  if [[ -n $email ]]; then email_arguments=(--email "$email"); fi
  if [[ -n $email && ! $email =~ ^[^[:space:]@]+@[^[:space:]@]+$ ]]; then
    fail "--email: \"$email\" is no address."
  fi
}

is_rehearsal() { [[ $is_dry_run == yes ]]; }
