// Opens the image that scripts/start.mjs names, in Promptmark, when nothing else is open.
// An address or a command line cannot do it: they are read before VS Code knows what editors extensions bring,
// and then show an image as a binary file.
const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');

exports.activate = async () => {
  const file = path.join(__dirname, 'start.json'); // scripts/start.mjs adds it to its copy of this folder
  const { image, viewType } = JSON.parse(fs.readFileSync(file, 'utf8'));
  const hasTabs = vscode.window.tabGroups.all.some((group) => group.tabs.length > 0);
  if (!image || hasTabs) return;
  await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(image), viewType);
};
