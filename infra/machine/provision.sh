#!/usr/bin/env bash
# The one recipe of the grading machine. It runs as root inside a Debian trixie root: in a container while
# infra/machine/ensure-image.ts builds the local image, or on an EC2 instance that Packer bakes into an AMI
# (copy this folder to /opt/drydock/recipe, then run `provision.sh all`). A step is a file of provision/steps:
#
#   provision.sh packages      engine, Node.js and tools
#   provision.sh catalogue     base images that submissions may build FROM, kept where the boot script finds them
#   provision.sh kubernetes    what a run's Kubernetes is made of; only in machines with the facility kubernetes, and only
#                              with its programs in /opt/kubernetes/bin (kubernetes-binaries/build.sh makes them)
#   provision.sh boot          boot script and engine configuration
#   provision.sh all           packages, catalogue and boot, in this order
#
# The catalogue needs the npm that images/node/npm-release.sh names beside that file: `npm pack npm@VERSION` there.
#
# Environment, all optional:
#   DRYDOCK_DEBIAN_MIRROR            where Debian's packages come from; without it apt's and mmdebstrap's own ways
#   DRYDOCK_DEBIAN_SECURITY_MIRROR   where its security updates come from; used beside the mirror
#   DRYDOCK_APT_PROXY                default none
# What is built keeps the mirrors' addresses, without a password that may be in them, and no proxy.
#
# Prints "##drydock <fraction> <what is being done>" as it goes.
set -euo pipefail

recipe=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

step=${1:-}
if [[ $step == all ]]; then
  for one in packages catalogue boot; do "$recipe/provision.sh" "$one"; done
elif [[ $step =~ ^[a-z][a-z0-9-]*$ && -f $recipe/provision/steps/$step.sh ]]; then
  # shellcheck disable=SC1090
  source "$recipe/provision/steps/$step.sh"
else
  steps=("$recipe"/provision/steps/*.sh)
  names=("${steps[@]##*/}")
  echo "provision.sh: say which step: ${names[*]%.sh} or all" >&2
  exit 2
fi
