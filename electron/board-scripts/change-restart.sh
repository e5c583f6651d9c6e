# Starts the board again. Argument: the boot it was told in; a board that has started since is left alone.
if [ "$boot" != "$1" ]; then say "restarted"; exit 0; fi
sync
say restarting
if command -v systemctl >/dev/null 2>&1 && [ -d /run/systemd/system ]; then systemctl reboot; else reboot; fi
