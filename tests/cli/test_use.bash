#!/usr/bin/env bash
# How the command is called: help, version, man page, wrong use, devices.
. "$ZAMPLE_SRCDIR/tests/cli/lib.bash"
man=$ZAMPLE_SRCDIR/docs/zample.1

run --version
check "the version is printed" printed "zample 0."
check "asking for the version is no failure" [ $code -eq 0 ]

for help in "--help" "-h" "devices --help" "play --help" "play -h" "render --help" "monitor --help"; do
    run $help
    check "$help prints to stdout" grep -q -e --help "$work/out"
    check "$help is no failure" [ $code -eq 0 ]
    check "$help says nothing on stderr" is_empty "$work/err"
done
for verb in devices play render monitor; do
    run --help
    check "the help names $verb" grep -q "^  $verb " "$work/out"
done

# wrong SENTENCE ARGUMENT...: is wrong use, and stderr holds the sentence.
wrong () {
    local sentence=$1
    shift
    run "$@"
    check "zample $* is wrong use" [ $code -eq 2 ]
    check "zample $* says: $sentence" said "$sentence"
    check "zample $* prints nothing" is_empty "$work/out"
    check "zample $* speaks as zample" speaks_as_zample
}
wrong "a verb is missing"
wrong "sing is no verb" sing
wrong "--sing is no verb" --sing
for verb in devices play render monitor; do
    wrong "--sing is no option" $verb --sing
    wrong "-z is no option" $verb -z
done
wrong "no argument" devices x
wrong "a file is missing" play
wrong "a file is missing" play -n
wrong "--device needs an argument" play -D
wrong "--device needs an argument" play --device
wrong "--null takes no argument" play --null=yes x
wrong "exclude each other" play -n -D x y
for number in "" x 1x nan inf -0.1 16.1; do
    wrong "--gain takes a number from 0 to 16" play -n --gain "$number" x
done
for number in 0 0.009 -1 16.1 1e9; do
    wrong "--speed takes a number from 0.01 to 16" render -o y --speed "$number" x
done
wrong "--pan takes a number from -1 to 1" play -n --pan 1.1 x
wrong "--rate takes a number from 8000 to 192000" play -n --rate 7999 x
wrong "--rate takes a number from 8000 to 192000" render -o y -r 192001 x
wrong "a file is missing" render -o y
wrong "--output is missing" render x
wrong "exclude each other" monitor --list x
wrong "exclude each other" monitor --list --endpoint inproc://x
wrong "one engine" monitor x y
wrong "x is no endpoint" monitor --endpoint x

# The options of a verb in its help and under its heading in the man page, a line each.
in_help () {
    "$zample" "$1" --help | sed -n 's/^  \(-[a-zA-Z], \|    \)--\([a-z0-9-]*\).*/\1--\2/p' \
        | tr -d ' ' | tr ',' '\n' | grep -vx -e -h -e --help | sort
}
in_man () {
    sed -n "/^\.Ss zample $1\$/,/^\.S[sh] /p" "$man" | grep '^\.It' | grep -oE 'Fl [-a-zA-Z0-9]+' \
        | sed 's/^Fl /-/' | sort
}
for verb in devices play render monitor; do
    in_help $verb >"$work/help"
    in_man $verb >"$work/man"
    [ $verb = devices ] || check "the help of $verb lists options" [ -s "$work/help" ]
    check "help and man page agree on the options of $verb" diff "$work/help" "$work/man"
done
library_man=$ZAMPLE_SRCDIR/docs/libzample.3
grep -oE '^ZAMPLE_API .*zample_[a-z_]+ \(' "$ZAMPLE_SRCDIR/include/zample.h" \
    | grep -oE 'zample_[a-z_]+ \(' | tr -d ' (' | sort >"$work/header"
sed '/^\.Sh EXAMPLES/,$d' "$library_man" | grep '\(^\.\|It \)Fn' | grep -oE 'zample_[a-z_]+' \
    | sort -u >"$work/man"
check "the library has functions" [ "$(wc -l <"$work/header")" -gt 20 ]
check "the library's man page names each of its functions" diff "$work/header" "$work/man"
if command -v mandoc >/dev/null; then
    mandoc -T lint -W warning "$man" "$library_man" >"$work/out" 2>&1
    check "the man pages have no fault" is_empty "$work/out"
else
    echo "left out: the check of the man pages' form; it needs Debian's package mandoc"
fi

# A configuration of ALSA's in which there is one device, and one in which there is none.
cat >"$work/one.conf" <<'CONF'
pcm.quiet { type null hint { show on description "Takes all and plays nothing" } }
CONF
: >"$work/none.conf"
ALSA_CONFIG_PATH=$work/one.conf run devices
check "a device is listed by name and description" grep -q "^quiet  *Takes all and plays nothing" "$work/out"
check "listing devices is no failure" [ $code -eq 0 ]
ALSA_CONFIG_PATH=$work/none.conf run devices
check "where there is no device, none is listed" is_empty "$work/out"
check "where there is no device, it says so" said "there is no device"
check "having no device is no failure" [ $code -eq 0 ]
run devices
check "what this machine has is listed without a failure" [ $code -eq 0 ]

if [ -w /dev/full ]; then
    "$zample" --help >/dev/full 2>"$work/err"
    check "a full disk below stdout is a failure" [ $? -eq 1 ]
    check "a full disk below stdout is told" said "could not be written"
fi
finish
