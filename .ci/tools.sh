# The tools that read the OpenAPI document, at fixed versions, below target/. Sourced by the scripts beside it.
# DATELINE_TOOLS names another folder to keep them in.

tools=${DATELINE_TOOLS:-$PWD/target/openapi-tools}
bin=$tools/node_modules/.bin

# Installs what is named as package@version, unless it is there.
npm_tools() {
    mkdir -p "$tools"
    for tool in "$@"; do
        local name=${tool%@*} version=${tool##*@} there=
        there=$(node -p "require('$tools/node_modules/$name/package.json').version" 2>/dev/null || true)
        [ "$there" = "$version" ] || npm install --prefix "$tools" --no-save --no-audit --no-fund --silent "$@"
    done
}

# The same for name==version from PyPI.
python_tools() {
    [ -x "$tools/venv/bin/python" ] || python3 -m venv "$tools/venv"
    "$tools/venv/bin/pip" install --quiet --disable-pip-version-check "$@"
}

# The exit status of a script whose tool could not be installed: nothing was looked at, and nothing found.
not_installed=75
