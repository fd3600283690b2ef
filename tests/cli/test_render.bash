#!/usr/bin/env bash
# `zample render`: its frames against those of the files that it read.
. "$ZAMPLE_SRCDIR/tests/cli/lib.bash"
needs $sounds/Noise.wav alsa-utils
needs $sounds/Front_Left.wav alsa-utils
one=$sounds/Noise.wav
two=$sounds/Front_Left.wav

# The bytes of a WAV file's data chunk, by walking over its chunks.
data_of () {
    local at=12 size id
    while :; do
        id=$(dd if="$1" bs=1 skip=$at count=4 status=none)
        size=$(od -An -t u4 -j $((at + 4)) -N 4 "$1" | tr -d ' ')
        [ "$id" = data ] && break
        [ -n "$id" ] || return 1
        at=$((at + 8 + size + size % 2))
    done
    tail -c +$((at + 9)) "$1" | head -c "$size"
}
# Frames of a file of 16 bits in mono, such as ALSA's sounds are, and of what we write.
frames_of () { echo $(($(data_of "$1" | wc -c) / $2)); }
frames_one=$(frames_of $one 2)
frames_two=$(frames_of $two 2)

# render OUT ARGUMENT...
render () {
    local out=$1
    shift
    run render -o "$work/$out" "$@"
    check "render $* succeeds" [ $code -eq 0 ]
    check "render $* says how many frames it made" said " frames, "
}
render both.wav $one $two
check "the length is the sum of the lengths" \
    [ "$(frames_of "$work/both.wav" 8)" -eq $((frames_one + frames_two)) ]
check "the length is said" said "$((frames_one + frames_two)) frames"
check "the speed is said" said "times real time"
check "rendering prints nothing" is_empty "$work/out"
check "rendering speaks as zample" speaks_as_zample

render again.wav $one $two
check "the same files give the same bits" cmp "$work/both.wav" "$work/again.wav"
render s16.wav --s16 $one $two
render s16-again.wav --s16 $one $two
check "the same files give the same bits with dither" cmp "$work/s16.wav" "$work/s16-again.wav"
check "16 bits are half as many bytes" [ "$(frames_of "$work/s16.wav" 4)" -eq $((frames_one + frames_two)) ]

# Both channels of each frame against the source, but for the ramp of 2 ms at the start. Our frames are
# in units of the source's last bit.
faults () {
    paste <(data_of "$1" | od -An -v -t f4 -w8) <(data_of "$2" | od -An -v -t d2 -w2) | awk -v factor="$3" '
        function off (a, b) { return a - b > 0.01 || b - a > 0.01 }
        NR > 96 && (off ($1 * 32768, $3 * factor) || off ($2 * 32768, $3 * factor)) { count++ }
        END { print count + 0 }'
}
render one.wav $one
render two.wav $two
check "at the original speed the frames are the file's" [ "$(faults "$work/one.wav" $one 1)" -eq 0 ]
render half.wav --gain 0.5 $one
check "half the gain is half the frames' height" [ "$(faults "$work/half.wav" $one 0.5)" -eq 0 ]
check "the comparison sees a difference" [ "$(faults "$work/half.wav" $one 1)" -ne 0 ]
render left.wav --pan -1 $one
check "on the left, the right is silent" \
    [ "$(data_of "$work/left.wav" | od -An -v -t f4 -w8 | awk '$2 != 0' | wc -l)" -eq 0 ]

# Each file begins at the frame at which the one before ends.
is_joined () { cmp <(data_of "$work/$1.wav"; data_of "$work/$2.wav") <(data_of "$work/$3.wav"); }
check "files are joined to the frame" is_joined one two both
for speed in 1.1 0.3 7; do
    render one-speed.wav --speed $speed $one
    render two-speed.wav --speed $speed $two
    render both-speed.wav --speed $speed $one $two
    check "files are joined to the frame at speed $speed" is_joined one-speed two-speed both-speed
done
render fast.wav --speed 2 $one
check "at twice the speed it is half as long" \
    [ "$(frames_of "$work/fast.wav" 8)" -eq $(((frames_one + 1) / 2)) ]
render rate.wav --rate 44100 $one
check "at another rate it lasts as long" \
    [ "$(frames_of "$work/rate.wav" 8)" -eq $(((frames_one * 44100 + 24000) / 48000)) ]

# More than are loaded at a time.
many=()
for i in {1..20}; do many+=($one $two); done
render many.wav --speed 16 "${many[@]}"
check "a long list is rendered to its end" [ "$(frames_of "$work/many.wav" 8)" -eq \
    $((20 * ((frames_one + 15) / 16) + 20 * ((frames_two + 15) / 16))) ]

# What cannot be read.
echo "this is no sound" >"$work/text.wav"
run render "$work/text.wav" $one "$work/absent.wav" -o "$work/rest.wav"
check "a damaged file makes the command fail" [ $code -eq 1 ]
check "a damaged file is told" said "$work/text.wav"
check "an absent file is told" said "$work/absent.wav"
check "the others are rendered" cmp "$work/one.wav" "$work/rest.wav"
run render "$work/text.wav" -o "$work/nothing.wav"
check "nothing to render is a failure" [ $code -eq 1 ]
check "nothing to render leaves no file" [ ! -e "$work/nothing.wav" ]

# Where it is written.
cp $one "$work/source.wav"
run render "$work/source.wav" -o "$work/./source.wav"
check "a file is not rendered into itself" [ $code -eq 2 ]
check "a file that would be rendered into itself is as it was" cmp $one "$work/source.wav"
render one.wav $two
check "a file that is there is overwritten" cmp "$work/one.wav" "$work/two.wav"
for bad in "$work/absent/x.wav" "$work" /dev/null; do
    run render $one -o "$bad"
    check "$bad cannot be written" [ $code -eq 1 ]
    check "it is told that $bad cannot be written" said "$bad"
done

# An interruption: what is there by then is a whole file.
many=()
for i in {1..4000}; do many+=($one); done
start "$work/out" "$work/err" render --speed 16 "${many[@]}" -o "$work/part.wav"
has_frames () { [ "$(stat -c %s "$work/part.wav" 2>/dev/null || echo 0)" -gt 10000 ]; }
check "a long render goes on" await has_frames
kill -TERM $pid
ended $pid
check "SIGTERM ends a render with 143" [ $code -eq 143 ]
render reread.wav "$work/part.wav"
finish
