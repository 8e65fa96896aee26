// Which keys stay in the page. VS Code hears every key that reaches the window and runs its keybindings; a key that
// a field or a focused control uses itself must not also accept a draft or change the tool.

/** Keys a focused button, option or slider acts on by itself. */
const CONTROL_KEYS = new Set(['Enter', ' ']);

/** @returns the function that removes the listeners */
export function guardKeys(root: HTMLElement, onInputFocus: (focused: boolean) => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  root.addEventListener(
    'keydown',
    (event) => {
      const target = event.composedPath()[0];
      if (!(target instanceof HTMLElement)) return;
      // Tab is the next candidate on the canvas only; elsewhere it moves the focus.
      const stays =
        (event.key === 'Tab' && !(target instanceof HTMLCanvasElement)) ||
        (isTextField(target) ? isTyping(event) : isControl(target) && CONTROL_KEYS.has(event.key));
      if (stays) event.stopPropagation();
    },
    { signal },
  );
  const focusChanged = (event: FocusEvent): void => {
    const target = event.composedPath()[0];
    onInputFocus(event.type === 'focusin' && target instanceof HTMLElement && isTextField(target));
  };
  root.addEventListener('focusin', focusChanged, { signal });
  root.addEventListener('focusout', focusChanged, { signal });
  return () => stop.abort();
}

/** Everything but shortcuts with Ctrl or Cmd is text; of those, undo and redo belong to the field too. */
function isTyping(event: KeyboardEvent): boolean {
  if (!event.ctrlKey && !event.metaKey) return !/^F\d+$/.test(event.key);
  return ['z', 'y', 'a', 'c', 'v', 'x'].includes(event.key.toLowerCase());
}

function isTextField(target: HTMLElement): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  const free = ['button', 'checkbox', 'radio', 'color', 'range', 'submit'];
  return target instanceof HTMLInputElement && !free.includes(target.type);
}

function isControl(target: HTMLElement): boolean {
  return (
    target.closest('button, input, select, vscode-button, vscode-checkbox, [role="option"]') !==
    null
  );
}
