#!/bin/sh
# build.sh OUT ARCHITECTURE TAGS LDFLAGS: in the current folder, a Go module with its go.sum, builds the programs that
# its go.mod names as tools, for Linux and without C, into OUT. The computer's own settings of proxy and checksum
# database apply; the Go that go.mod asks for is fetched where the one here is older.
# Prints "##drydock packages N", the number of packages, and then their names as they are compiled.
set -eu
export CGO_ENABLED=0 GOOS=linux GOARCH="$2" GOTOOLCHAIN=auto GOWORK=off
packages=$(go list -mod=readonly -tags "$3" -deps tool)
echo "##drydock packages $(echo "$packages" | wc -l)"
exec go build -mod=readonly -v -trimpath -buildvcs=false -tags "$3" -ldflags "-s -w $4" -o "$1/" tool
