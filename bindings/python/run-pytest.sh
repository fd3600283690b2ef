#!/bin/sh
# Runs the Python package's tests for "make check", without installing anything and without writing beside the
# sources. Exit status 77, which automake counts as a test that was skipped, if something is missing.
set -u
here=$(cd "$(dirname "$0")" && pwd)
python=${ZAMPLE_PYTHON:-}

skip () {
    echo "skipped: $1"
    exit 77
}

[ -n "$python" ] || skip "ZAMPLE_PYTHON names no Python that has what bindings/python/requirements-test.txt asks for"
for module in zmq pytest; do
    "$python" -c "import $module" 2>/dev/null || skip "$python has no module $module: pip install -r bindings/python/requirements-test.txt"
done

scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
trap 'exit 99' HUP INT TERM

{
    PYTHONPATH=$here/src PYTHONDONTWRITEBYTECODE=1 \
        "$python" -m pytest --quiet -p no:cacheprovider --rootdir="$here" -c "$here/pyproject.toml" \
        --basetemp="$scratch/tmp" "$@" "$here/tests" 2>&1
    echo $? >"$scratch/status"
} | tee "$scratch/out"
status=$(cat "$scratch/status")

# pytest ends well too when every test was skipped.
closing=$(tail -n 1 "$scratch/out")
echo "pytest: $closing"
case $status:$closing in
    0:*passed*) exit 0 ;;
    0:*skipped*) exit 77 ;;
    *) exit 1 ;;
esac
