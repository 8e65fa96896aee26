// The platforms a VSIX is made for, and the native packages each of them needs.

/** Target of `vsce package`, as VS Code names platforms → folder of onnxruntime-node's binaries. */
export const targets = {
  'linux-x64': 'linux/x64',
  'linux-arm64': 'linux/arm64',
  'win32-x64': 'win32/x64',
  'win32-arm64': 'win32/arm64',
  'darwin-arm64': 'darwin/arm64',
};

/** Packages that are loaded at run time instead of being bundled, the same on every platform. */
export const commonModules = [
  'onnxruntime-common',
  'onnxruntime-node',
  'sharp',
  '@img/colour',
  'detect-libc',
  'semver',
];

/** sharp's binaries; on Windows they bring libvips along. */
export function platformModules(target) {
  const names = [`@img/sharp-${target}`];
  return target.startsWith('win32') ? names : [...names, `@img/sharp-libvips-${target}`];
}

/** The target of this machine; undefined when there is none for it. */
export function hostTarget() {
  const name = `${process.platform}-${process.arch}`;
  return name in targets ? name : undefined;
}
