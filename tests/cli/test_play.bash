#!/usr/bin/env bash
# `zample play`, in time, on real files.
. "$ZAMPLE_SRCDIR/tests/cli/lib.bash"
needs $sounds/Noise.wav alsa-utils
needs $sounds/Front_Left.wav alsa-utils
noise=$sounds/Noise.wav
: >"$work/none.conf"
echo 'pcm.quiet { type null }' >"$work/one.conf"

run play -n $noise
check "a file is played on the null output" [ $code -eq 0 ]
check "what is played is said" said "playing $noise"
check "playing prints nothing" is_empty "$work/out"
check "playing speaks as zample" speaks_as_zample
check "no bar is drawn where there is no terminal" [ "$(tr -dc '\r\033' <"$work/err" | wc -c)" -eq 0 ]

run play -n --speed 16 $sounds/Front_Left.wav $noise
check "two files are played in their order" \
    [ "$(sed -n 's/.*playing \(.*\),.*/\1/p' "$work/err" | tr '\n' ' ')" = "$sounds/Front_Left.wav $noise " ]

# More than are loaded at a time.
many=()
for i in {1..20}; do
    ln -s $noise "$work/$i.wav"
    many+=("$work/$i.wav")
done
run play -n --speed 16 "${many[@]}"
check "a long list is played to its end" [ $code -eq 0 ]
played=$(sed -n 's|.*playing .*/\([0-9]*\)\.wav,.*|\1|p' "$work/err" | tr '\n' ' ')
check "a long list is played in its order" [ "$played" = "$(printf '%s ' {1..20})" ]

ln -s "$work/1.wav" "$work/link.wav"
run play -n --speed 16 "$work/link.wav"
check "a link to a link is played: who names it means what is there" [ $code -eq 0 ]

# What is not as it should be is told; what can be heard is heard.
head -c 100000 $noise >"$work/cut.wav"
run play -n --speed 16 "$work/cut.wav"
check "a file that is cut short is played" said "playing $work/cut.wav"
check "a file that is cut short is no failure" [ $code -eq 0 ]
check "it is told how much is missing" said \
    "$work/cut.wav: the file ends too early: $((($(stat -c %s $noise) - 100000) / 2)) frames are missing"
check "warnings are told as zample" speaks_as_zample

mkfifo "$work/fifo.wav"
echo "this is no sound" >"$work/text.wav"
: >"$work/empty.wav"
bad=("$work/absent.wav" "$work" "$work/fifo.wav" "$work/text.wav" "$work/empty.wav")
run play -n --speed 16 "${bad[0]}" "${bad[1]}" $noise "${bad[@]:2}" $sounds/Front_Left.wav
check "what cannot be played makes the command fail" [ $code -eq 1 ]
for file in "${bad[@]}"; do
    check "$(basename "$file") is told" grep -qF -e "zample: $file" "$work/err"
done
check "a file among bad ones is played" said "playing $noise"
check "a file after bad ones is played" said "playing $sounds/Front_Left.wav"
check "bad files are told as zample" speaks_as_zample
run play -n --loop "${bad[@]}"
check "a loop of nothing but bad files ends" [ $code -eq 1 ]
run play -n --speed 16 ""
check "an empty name is a failure" [ $code -eq 1 ]
printf -v nasty '%s/\033]0;x\a.wav' "$work"
run play -n "$nasty"
check "a name does not command the terminal" [ "$(tr -dc '\033\a' <"$work/err" | wc -c)" -eq 0 ]

ALSA_CONFIG_PATH=$work/none.conf run play --speed 16 $noise
check "without a sound card it plays unheard" [ $code -eq 0 ]
check "without a sound card it says so" said "there is no sound card"
check "without a sound card it says what it plays" said "playing $noise"
ALSA_CONFIG_PATH=$work/none.conf run play -D nonesuch --speed 16 $noise
check "a device that does not open is a failure" [ $code -eq 1 ]
check "a device that does not open is named" said "nonesuch"
check "nothing is played instead" [ "$(grep -c playing "$work/err")" -eq 0 ]
ALSA_CONFIG_PATH=$work/one.conf run play -D quiet $noise
check "a device of ALSA's is played on" [ $code -eq 0 ]
check "the device is named" said "quiet"

# A sound card of the tests' own, which plays as fast as it is fed and keeps what it played.
rig=$ZAMPLE_BUILDDIR/tests/support/libasound_module_pcm_rig.so
cat >"$work/rig.conf" <<CONF
pcm_type.rig { lib "$rig" }
pcm.!default { type rig }
CONF
frames () { od -An -v -t x8 -w8 "$1" | awk 'sounds || !/^ 0+$/ { sounds = 1; print }'; }
if [ -e "$rig" ]; then
    export ALSA_CONFIG_PATH=$work/rig.conf RIG_FORMAT=FLOAT_LE RIG_FILE=$work/played
    run play $noise
    check "where there is a sound card, it is played on" [ $code -eq 0 ]
    check "where there is a sound card, nothing is said of there being none" hides "no sound card"
    run render $noise -o "$work/rendered.wav"
    data_at=$(grep -abo data "$work/rendered.wav" | head -n 1 | cut -d: -f1)
    tail -c +$((data_at + 9)) "$work/rendered.wav" >"$work/rendered"
    frames "$work/rendered" >"$work/wanted"
    frames "$work/played" | head -n "$(wc -l <"$work/wanted")" >"$work/got"
    check "the render has frames" [ "$(wc -l <"$work/wanted")" -gt 60000 ]
    check "the card plays, frame for frame, what a render writes" cmp "$work/wanted" "$work/got"
    RIG_SCRIPT="xrun@1000;xrun@5000" run play $noise
    check "interruptions that are mended are no failure" [ $code -eq 0 ]
    check "interruptions are counted" said "interrupted 2 times"
    RIG_SCRIPT="nodev@2000" run play --loop $noise
    check "a lost device is a failure" [ $code -eq 1 ]
    check "a lost device is told" said "lost"
    check "a lost device is told as zample" speaks_as_zample
    unset ALSA_CONFIG_PATH RIG_FORMAT RIG_FILE
else
    echo "left out: playing on a sound card of the tests' own, which \"make check\" builds"
fi

# signalled SIGNAL CODE
signalled () {
    start "$work/out" "$work/err" play -n --loop $noise
    check "it plays before SIG$1" await has_line "$work/err" playing
    kill -"$1" "$pid"
    ended "$pid"
    check "SIG$1 ends it with $2" [ $code -eq "$2" ]
    check "SIG$1 leaves no engine behind" [ "$("$zample" monitor --list 2>/dev/null | wc -l)" -eq 0 ]
}
signalled INT 130
signalled TERM 143
signalled HUP 129
finish
