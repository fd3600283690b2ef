# shellcheck shell=sh
# What scripts/demo, scripts/test and .ci/run share. Read by them with "."; the checkout is the current folder.

say () {
    printf '== %s\n' "$*"
}

fail () {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

cores () {
    getconf _NPROCESSORS_ONLN
}

# The packages of the groups named, as scripts/packages lists them.
packages_of () {
    for group; do
        awk -v group="$group" '$1 == group { print $2 }' scripts/packages
    done
}

missing_of () {
    for package in $(packages_of "$@"); do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || echo "$package"
    done
}

# sudo -n, because nothing here may ask: where a password is needed, it is better told what to type.
as_root () {
    if [ "$(id -u)" = 0 ]; then
        env "$@"
    else
        sudo -n env "$@"
    fi
}

apt () {
    as_root DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" </dev/null
}

install_packages () {
    missing=$(missing_of "$@" | tr '\n' ' ')
    if [ -z "$missing" ]; then
        say "packages: all there"
        return
    fi
    command -v apt-get >/dev/null || fail "this is not Debian; what is missing here is called there: $missing"
    as_root true 2>/dev/null || fail "packages are missing and sudo wants a password; first run: sudo apt-get install $missing"
    say "packages: installing $missing"
    mkdir -p build
    # shellcheck disable=SC2086
    apt install --no-install-recommends $missing >build/apt.log 2>&1 && return
    # shellcheck disable=SC2086
    # Package lists that are absent or out of date are the usual reason; one more try with new ones.
    { apt update && apt install --no-install-recommends $missing; } >build/apt.log 2>&1 && return
    tail -n 30 build/apt.log >&2
    fail "the packages cannot be installed; apt's last words stand above"
}

# make_venv FOLDER REQUIREMENTS: made once, and again only when the requirements change.
make_venv () {
    if cmp -s "$2" "$1/requirements.txt"; then
        say "Python: $1 is there"
        return
    fi
    say "Python: $1 from $2"
    rm -rf "$1"
    mkdir -p build
    {
        python3 -m venv "$1" \
            && "$1/bin/pip" install --quiet --disable-pip-version-check --no-input -r "$2"
    } >build/pip.log 2>&1 || {
        tail -n 30 build/pip.log >&2
        fail "the Python packages of $2 cannot be installed; pip's last words stand above"
    }
    cp "$2" "$1/requirements.txt"
}

# configure_tree FOLDER OPTION...: keeps a tree that was configured the same way.
configure_tree () {
    tree=$1
    shift
    mkdir -p "$tree"
    if [ ! -e configure ]; then
        say "bootstrap"
        ./bootstrap >build/bootstrap.log 2>&1 || {
            tail -n 30 build/bootstrap.log >&2
            fail "bootstrap failed"
        }
    fi
    if [ -e "$tree/Makefile" ] && [ "$(cat "$tree/configured-with" 2>/dev/null)" = "$*" ]; then
        return
    fi
    say "configure: $tree${*:+, $*}"
    rm -f "$tree/configured-with"
    (cd "$tree" && ../../configure "$@") >"$tree/configure.log" 2>&1 || {
        tail -n 30 "$tree/configure.log" >&2
        fail "configure failed"
    }
    # Objects made with other options must not be taken for these.
    make -C "$tree" clean >/dev/null 2>&1 || :
    echo "$*" >"$tree/configured-with"
}

# make_tree FOLDER TARGET...
make_tree () {
    tree=$1
    shift
    say "make: $tree"
    make -C "$tree" -j "$(cores)" "$@" >"$tree/make.log" 2>&1 || {
        grep -n -E 'error|Error|warning' "$tree/make.log" | head -n 40 >&2
        tail -n 20 "$tree/make.log" >&2
        fail "make failed; $tree/make.log has it all"
    }
}
