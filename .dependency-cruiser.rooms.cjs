/**
 * Two rooms that import each other are one. A second look with a configuration of its own, since a rule about folders
 * cannot leave the tests out, and a test may reach from an inner room to an outer one.
 */
const { options } = require("./.dependency-cruiser.cjs");

module.exports = {
  forbidden: [
    {
      name: "no-room-imports-upward",
      severity: "error",
      scope: "folder",
      from: { path: "^(course|grading)/" },
      to: { circular: true },
    },
  ],
  options: { ...options, exclude: { path: `${options.exclude.path}|\\.test\\.tsx?$|^tests/` } },
};
