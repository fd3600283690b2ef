# What the tests of the command share. Each has a folder and a runtime folder of its own, and leaves nothing
# behind.
set -u
export LC_ALL=C
zample=$ZAMPLE_BUILDDIR/zample
# A socket's path is short: so is this one.
work=$(mktemp -d /tmp/zample-cli.XXXXXX)
export XDG_RUNTIME_DIR=$work/run
mkdir -m 700 "$XDG_RUNTIME_DIR"
sounds=/usr/share/sounds/alsa
declare -A started=() # the processes that are not waited for yet
passed=0
failed=0

clean_up () {
    [ $BASHPID = $$ ] || return
    for pid in "${!started[@]}"; do
        kill -KILL "$pid" 2>/dev/null
    done
    wait
    rm -rf "$work"
}
trap clean_up EXIT

# needs FILE PACKAGE: skips the whole test where the file is not installed.
needs () {
    [ -e "$1" ] && return
    echo "skipped: $1 is missing; it is in Debian's package $2"
    exit 77
}

# check SENTENCE COMMAND...: the command must succeed.
check () {
    local sentence=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $sentence"
        echo "    $*"
        [ -s "$work/err" ] && sed 's/^/    stderr: /' "$work/err" | head -n 20
    fi
}

# run ARGUMENT...: runs the command; $code, $work/out and $work/err are what came of it.
run () {
    timeout 120 "$zample" "$@" >"$work/out" 2>"$work/err" </dev/null
    code=$?
}

# start OUT ERR ARGUMENT...: runs it in the background, as $pid. A shell's & would have it ignore SIGINT, nohup
# SIGHUP.
start () {
    local out=$1 err=$2
    shift 2
    # What another command left there must not be taken for this one's.
    : >"$out"
    : >"$err"
    env --default-signal=INT,HUP "$zample" "$@" >"$out" 2>"$err" </dev/null &
    pid=$!
    started[$pid]=1
}

# await COMMAND...: waits until it succeeds, for 60 s at the most.
await () {
    local deadline=$((SECONDS + 60))
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.02
    done
}

# ended PID: waits for a process of ours; its exit code is $code.
ended () {
    wait "$1" 2>/dev/null
    code=$?
    unset "started[$1]"
}

said () { grep -qF -e "$1" "$work/err"; }
printed () { grep -qF -e "$1" "$work/out"; }
hides () { ! said "$1"; }
is_empty () { [ ! -s "$1" ]; }
has_line () { grep -q -e "$2" "$1" 2>/dev/null; }
speaks_as_zample () { ! grep -qv '^zample: ' "$work/err"; }

finish () {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
}
