#!/bin/bash
# Prints what of the machine a security notice names, a line each: NAME VERSION. Run once, when the image is made.
set -euo pipefail

installed() { dpkg-query -W -f="$1 \${Version}\n" "$2"; }

installed engine docker.io
installed containerd containerd
installed runc runc
echo "debian $(< /etc/debian_version)"
if [ -d /opt/kubernetes ]; then
  kubelet=$(find /opt/kubernetes -name kubelet -type f -perm -u+x -print -quit)
  echo "kubernetes $("$kubelet" --version | awk '{print $2}')"
fi
