// The page's document: a strict policy, our script, our styles, nothing inline.
import { randomBytes } from 'node:crypto';
import { Uri, type Webview } from 'vscode';

/** A page: dist/NAME.js; dist/webview.css has the base and the icons, dist/NAME.css what it adds. */
export interface PageFiles {
  readonly name: string;
  readonly title: string;
}

const EDITOR: PageFiles = { name: 'webview', title: 'Promptmark' };

/** The HTML of a page. Scripts and styles come from dist/ only; images from disk, blobs and data addresses. */
export function pageHtml(webview: Webview, extensionUri: Uri, page: PageFiles = EDITOR): string {
  const nonce = randomBytes(16).toString('hex');
  const dist = (file: string): string =>
    webview.asWebviewUri(Uri.joinPath(extensionUri, 'dist', file)).toString();
  const policy = [
    `default-src 'none'`,
    `img-src ${webview.cspSource} blob: data:`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource} data:`,
  ].join('; ');
  // The id is the one by which the kit's icon element finds the icon font's rules.
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <link
      rel="stylesheet"
      id="vscode-codicon-stylesheet"
      nonce="${nonce}"
      href="${dist('webview.css')}"
    />
${page === EDITOR ? '' : `    <link rel="stylesheet" nonce="${nonce}" href="${dist(`${page.name}.css`)}" />\n`}    <title>${page.title}</title>
  </head>
  <body>
    <div id="app"></div>
    <script nonce="${nonce}" src="${dist(`${page.name}.js`)}"></script>
  </body>
</html>`;
}
