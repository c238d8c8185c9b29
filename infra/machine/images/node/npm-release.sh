# Sourced by ../node.sh: the npm that came with Node 20.19.
npm_version=10.8.2
npm_sha512=c7f0088c520a46596b85c6f8f1da943400199748a0f7ea8cb8df75469668dc26f6fb3ba26df87e2884a5ebe91557292d0f3db7d0929cdb4f14910c3032ac81fb
