#!/usr/bin/env bash
# `zample monitor`, following `zample play`.
. "$ZAMPLE_SRCDIR/tests/cli/lib.bash"
needs $sounds/Noise.wav alsa-utils
needs $sounds/Front_Left.wav alsa-utils

run monitor
check "without an engine there is nothing to follow" [ $code -eq 1 ]
check "without an engine it says so" said "no engine runs"
run monitor nobody
check "an engine that does not run is not followed" [ $code -eq 1 ]
check "an engine that does not run is named" said "nobody"
run monitor --list
check "without an engine none is listed" is_empty "$work/out"
check "listing none is no failure" [ $code -eq 0 ]
run monitor --endpoint "ipc://$work/absent"
check "where nobody listens nothing is followed" [ $code -eq 1 ]
check "where nobody listens it says so" said "no engine listens at ipc://$work/absent"

# field NAME: that number of each line.
field () { sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p"; }

listed () { [ "$("$zample" monitor --list 2>/dev/null | wc -l)" -eq "$1" ]; }

# A session: two files over and over, followed in words, in JSON and with telemetry.
start /dev/null "$work/play.err" play -n --loop $sounds/Noise.wav $sounds/Front_Left.wav
player=$pid
check "a running engine is listed" await listed 1
read -r name endpoint < <("$zample" monitor --list)
check "the list tells the endpoint" [ "$endpoint" = "ipc://$XDG_RUNTIME_DIR/zample/$name/events" ]
start "$work/json" "$work/json.err" monitor --json
in_json=$pid
start "$work/words" "$work/words.err" monitor "$name"
in_words=$pid
start "$work/meter" "$work/meter.err" monitor --json --meter --endpoint "$endpoint"
in_meter=$pid
check "the engine's state comes first" await has_line "$work/json" '"type": *"snapshot"'
check "a voice's end comes" await has_line "$work/json" '"voice_ended"'
# A start and an end at the same frame. On a machine that stands still for long the next file may come too
# late for that, but not each time.
joined () {
    grep '"voice_ended"' "$work/json" | grep finished | field frame >"$work/ends"
    grep '"voice_started"' "$work/json" | field frame | grep -qxF -f "$work/ends"
}
check "a file begins at the frame at which the one before ends" await joined
check "in words too" await has_line "$work/words" 'ended, finished'
check "the levels come" await has_line "$work/meter" '"type": *"meter"'

start "$work/out" "$work/err" monitor "$name"
await has_line "$work/out" "engine $name"
kill -INT "$pid"
ended "$pid"
check "SIGINT ends a monitor with 130" [ $code -eq 130 ]

kill -TERM $player
ended $player
check "the player ends" [ $code -eq 143 ]
for pid in $in_json $in_words $in_meter; do
    ended "$pid"
    check "a monitor ends with its engine" [ $code -eq 0 ]
done
check "nothing was lost" is_empty "$work/json.err"
check "the last line in JSON is the engine's end" has_line <(tail -n 1 "$work/json") '"closed"'
check "the last line in words is the engine's end" has_line <(tail -n 1 "$work/words") 'device closed'
check "without --meter no levels come" [ "$(grep -c '"meter"' "$work/json")" -eq 0 ]
check "the first line is the state" has_line <(head -n 1 "$work/json") '"snapshot"'

sed 's/"device": *{[^}]*}//; s/"slots": *\[.*//' "$work/json" | field seq >"$work/seq"
check "each line has a number" [ "$(wc -l <"$work/seq")" -eq "$(wc -l <"$work/json")" ]
check "the numbers have no gap" awk 'NR > 1 && $1 != last + 1 { exit 1 } { last = $1 }' "$work/seq"

# Two engines.
start /dev/null "$work/play.err" play -n --loop $sounds/Noise.wav
first=$pid
start /dev/null "$work/play.err" play -n --loop $sounds/Noise.wav
second=$pid
check "two engines are listed" await listed 2
run monitor
check "of two engines one must be named" [ $code -eq 1 ]
check "of two engines one must be named, it says" said "2 engines run"

# One is killed, and its folder stays.
name=$("$zample" monitor --list | grep -e "-$first-" | cut -d' ' -f1)
start "$work/out" "$work/err" monitor "$name"
await has_line "$work/out" "engine $name"
kill -KILL $first
ended $first
ended "$pid"
check "a monitor ends when its engine is killed" [ $code -eq 1 ]
check "a monitor says that its engine was killed" said "went away"
check "a killed engine is not listed" await listed 1
kill -TERM $second
ended $second
check "no engine is listed in the end" listed 0
finish
