# Lets others have the board again. Argument: CHANGE.
if read_change "$base" && [ "$change_id" = "$1" ]; then rm -rf "$base/changing"; fi
say released
