# Does the work of change-packages.sh on its own. Arguments: DIR SOURCE WAIT_SECONDS WORD…; what is said goes to DIR/log.
# Lines of ours begin with @@: phase NAME | locked PID NAME | again | removes NAME… | lost NAME=VERSION… | running NAME | exit STATUS.
dir=$1 source=$2 wait_seconds=$3
shift 3
exec >>"$dir/log" 2>&1 </dev/null
trap '' HUP
LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
DEBIAN_FRONTEND=noninteractive
DEBCONF_NONINTERACTIVE_SEEN=true
NEEDRESTART_SUSPEND=1
APT_LISTCHANGES_FRONTEND=none
export LC_ALL PATH DEBIAN_FRONTEND DEBCONF_NONINTERACTIVE_SEEN NEEDRESTART_SUSPEND APT_LISTCHANGES_FRONTEND
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy no_proxy NO_PROXY

end() {
  say "@@ exit $1"
  printf '%s\n' "$1" >"$dir/exit.new" && mv "$dir/exit.new" "$dir/exit"
  exit "$1"
}
phase() { say "@@ phase $1"; }

start_time $$
printf '%s %s %s\n' $$ "$started" "$boot" >"$dir/runner.new" && mv "$dir/runner.new" "$dir/runner"

# Until something is unpacked it can be stopped; after that, stopping would leave packages half installed.
child=
trap '[ -z "$child" ] || kill "$child" 2>/dev/null; end 130' TERM

# The proxy a board has for everybody is the one its own sources are reached by.
if [ "$source" = board ] && [ -r /etc/environment ]; then
  while IFS= read -r line; do
    name=${line%%=*}
    case $name in
      http_proxy | https_proxy | no_proxy | HTTP_PROXY | HTTPS_PROXY | NO_PROXY)
        value=${line#*=}
        value=${value#[\"\']}
        export "$name=${value%[\"\']}" ;;
    esac
  done </etc/environment
fi

# attempt COMMAND…: again and again while another package manager holds a lock and there is time left.
attempt() {
  waited=0
  holder=
  while :; do
    from=$(($(wc -c <"$dir/log") + 1))
    "$@" 3>&1 &
    child=$!
    wait "$child"
    status=$?
    child=
    [ "$status" = 0 ] && return 0
    said=$(tail -c "+$from" "$dir/log" | grep -E 'Could not get lock|Unable to (lock|acquire)|is locked by another|is currently holding the lock|already locked by' | head -n 1)
    [ -n "$said" ] && [ "$waited" -lt "$wait_seconds" ] || return "$status"
    pid=$(printf '%s\n' "$said" | sed -n -e 's/.*held by process \([0-9]*\).*/\1/p' -e 's/.*\(locked by\|[pP][iI][dD]\)[: ]*\([0-9][0-9]*\).*/\2/p' | head -n 1)
    name=
    { [ -n "$pid" ] && read -r name <"/proc/$pid/comm"; } 2>/dev/null
    if [ "$pid $name" != "$holder" ]; then holder="$pid $name"; say "@@ locked $holder"; fi
    sleep 2
    waited=$((waited + 2))
    say "@@ again"
  done
}

# The kernel that runs keeps its modules: the package that brought it stays. Debian's own check says nothing when nobody is asked.
spare_running() {
  image=/boot/vmlinuz-$(uname -r)
  if command -v dpkg-query >/dev/null 2>&1; then owner=$(dpkg-query -S "$image" 2>/dev/null); owner=${owner%%:*}
  else image=/lib/modules/$(uname -r)/vmlinuz; owner=$(rpm -qf --qf '%{NAME}' "$image" 2>/dev/null) || owner=
  fi
  [ -n "$owner" ] || return 0
  case " $1 " in *" $owner "* | *" $owner-$(uname -r) "*) say "@@ running $owner"; end 93 ;; esac
}

bare() { name=${1%%=*}; name=${name%%:*}; }

apt_work() {
  options="-q -y -o Dpkg::Use-Pty=0 -o APT::Status-Fd=3 -o APT::Cmd::Pattern-Only=true -o DPkg::Lock::Timeout=0"
  options="$options -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold"
  if [ "$source" = proxy ]; then
    read -r proxy <"$dir/proxy"
    printf '#clear Acquire::http::Proxy;\n#clear Acquire::https::Proxy;\nAcquire::http::Proxy "%s";\nAcquire::https::Proxy "%s";\nAcquire::http::Proxy-Auto-Detect "";\nAcquire::Retries "2";\n' \
      "$proxy" "$proxy" >"$dir/apt.conf"
    options="$options -c $dir/apt.conf"
  elif [ "$source" = folder ]; then
    # The files are the only source there is: what they lack is named instead of looked for, what is not needed stays out.
    mkdir -p "$dir/lists/partial" "$dir/none"
    for file in "$dir"/files/*.deb; do
      [ -e "$file" ] || continue
      sum=$(sha256sum "$file")
      dpkg-deb -f "$file" && printf 'Filename: ./files/%s\nSize: %s\nSHA256: %s\n\n' "${file##*/}" "$(($(wc -c <"$file")))" "${sum%% *}"
    done >"$dir/Packages"
    printf 'deb [trusted=yes] file:%s ./\n' "$dir" >"$dir/sources.list"
    options="$options -o Dir::Etc::SourceList=$dir/sources.list -o Dir::Etc::SourceParts=$dir/none -o Dir::State::Lists=$dir/lists"
    options="$options -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=$dir/none -o APT::Sandbox::User=root"
  fi
  wanted= removed=
  for word; do
    case $word in
      +*=*) wanted="$wanted ${word#+}"; case $options in *--allow-downgrades*) ;; *) options="$options --allow-downgrades" ;; esac ;;
      +*) wanted="$wanted ${word#+}" ;;
      -*)
        bare "${word#-}"
        case $(dpkg-query -W -f '${db:Status-Status} ' "${word#-}" 2>/dev/null) in '' | 'not-installed '* | 'config-files '*) continue ;; esac
        removed="$removed $name" ;;
    esac
  done
  targets=$wanted
  [ -n "$targets$removed" ] || return 0
  if [ -n "$wanted" ]; then
    phase update
    # A source that fails and is not needed stops nothing; one that is needed shows in what comes next.
    attempt apt-get $options update
  fi
  lost=
  for word in $wanted; do
    case $word in
      *=*)
        [ "$source" = folder ] || apt-cache madison "${word%%=*}" 2>/dev/null | cut -d '|' -f 2 | tr -d ' ' | grep -qxF -- "${word#*=}" \
          || [ "$(dpkg-query -W -f '${Version}' "${word%%=*}" 2>/dev/null)" = "${word#*=}" ] || lost="$lost $word" ;;
    esac
  done
  [ -z "$lost" ] || { say "@@ lost$lost"; end 91; }
  phase simulate
  for name in $removed; do targets="$targets $name-"; done
  attempt apt-get $options -s install $targets || return $?
  others=
  for name in $(sed -n 's/^Remv \([^ :]*\).*/\1/p' "$dir/log" | sort -u); do
    case " $removed " in *" $name "*) ;; *) others="$others $name" ;; esac
  done
  [ -z "$others" ] || { say "@@ removes$others"; end 92; }
  spare_running "$removed"
  phase download
  attempt apt-get $options -d install $targets || return $?
  phase install
  trap '' TERM
  # Files that lie here already are not copied before.
  [ "$source" = folder ] || options="$options --no-download"
  attempt apt-get $options install $targets || return $?
  # A kernel has no configuration to keep: what it leaves (indexes of modules, an initramfs) goes with it.
  kernels=
  for name in $removed; do
    case $name in linux-image-[0-9]* | linux-modules-[0-9]* | linux-headers-[0-9]*) kernels="$kernels $name" ;; esac
  done
  [ -z "$kernels" ] || attempt dpkg --purge $kernels
}

dnf_work() {
  options="-y --setopt=exit_on_lock=True --setopt=clean_requirements_on_remove=False"
  if [ "$source" = proxy ]; then
    read -r proxy <"$dir/proxy"
    address=${proxy#http://}
    { sed '/^proxy/d' /etc/dnf/dnf.conf; printf 'proxy=http://%s\nproxy_username=%s\nproxy_password=%s\n' "${address#*@}" "${address%%:*}" "$(printf '%s' "${address%@*}" | cut -d : -f 2)"; } >"$dir/dnf.conf"
    options="$options -c $dir/dnf.conf"
  elif [ "$source" = folder ]; then
    options="$options --disablerepo=*"
  fi
  wanted= removed= realtime=
  for word; do
    case $word in
      +*=installed) wanted="$wanted ${word%=installed}" ;;
      +*) wanted="$wanted $(printf '%s' "${word#+}" | sed -e 's/=[0-9]*:/-/' -e 's/=/-/')" ;;
      -*) rpm -q "${word#-}" >/dev/null 2>&1 && removed="$removed ${word#-}" ;;
    esac
    case $word in +kernel-rt*) realtime=1 ;; esac
  done
  wanted=$(printf '%s' "$wanted" | sed 's/ +/ /g')
  # The repositories of the real-time kernel are off unless switched on: they are used for this one command.
  if [ -n "$realtime" ] && [ "$source" != folder ]; then
    for repository in $(dnf -q repolist --disabled 2>/dev/null | sed -n 's/^\(\(rt\|nfv\|realtime\|[A-Za-z0-9_.-]*-\(rt\|nfv\)-rpms\)\) .*/\1/p'); do
      options="$options --enablerepo=$repository"
    done
  fi
  set -f
  if [ -n "$removed" ]; then
    phase simulate
    spare_running "$removed"
    others=$(dnf $options --assumeno remove $removed 2>/dev/null | awk '/^Removing dependent packages:/ { on = 1; next } /^[A-Z]|^$/ { on = 0 } on { print $1 }' | sort -u)
    unplanned=
    for name in $others; do case " $removed " in *" $name "*) ;; *) unplanned="$unplanned $name" ;; esac; done
    [ -z "$unplanned" ] || { say "@@ removes$unplanned"; end 92; }
  fi
  targets=$wanted
  if [ "$source" = folder ]; then
    set +f
    targets=
    for file in "$dir"/files/*.rpm; do [ -e "$file" ] && targets="$targets $file"; done
    set -f
  fi
  if [ -n "$targets" ]; then
    phase download
    attempt dnf $options --downloadonly install $targets || return $?
  fi
  phase install
  trap '' TERM
  if [ -n "$targets" ]; then attempt dnf $options install $targets || return $?; fi
  if [ -n "$removed" ]; then attempt dnf $options --noautoremove remove $removed || return $?; fi
}

if command -v apt-get >/dev/null 2>&1; then apt_work "$@"; else dnf_work "$@"; fi
end $?
