// Starts the page: bridge, store, session, canvas, panels.
import { connectHost } from './bridge/hostChannel';
import { guardKeys } from './bridge/keyGuard';
import { acquireApi, type VsCodeApi } from './bridge/vscodeApi';
import { createCanvasView } from './canvas/canvasView';
import { ToolHost } from './canvas/toolHost';
import { createAnnotationsPanel } from './panels/annotationsPanel';
import { createBanners } from './panels/banners';
import { createCaptionPanel } from './panels/captionPanel';
import { createCategoriesPanel } from './panels/categoriesPanel';
import { createCategoryPicker } from './panels/categoryPicker';
import { createDetailsPanel } from './panels/detailsPanel';
import { createDraftBar } from './panels/draftBar';
import { createLayout } from './panels/layout';
import { createLiveRegion } from './panels/liveRegion';
import { createPromptsPanel } from './panels/promptsPanel';
import { createProposalsBar } from './panels/proposalsBar';
import { createStatusStrip } from './panels/statusStrip';
import { createToolOptions } from './panels/toolOptions';
import { createToolbar, type Run } from './panels/toolbar';
import { EDITOR_PROTOCOL_VERSION } from '../src/shared/protocol/editor';
import { runPageCommand } from './state/commands';
import { INITIAL_STATE } from './state/pageState';
import { readPersisted, toPersisted } from './state/persisted';
import { reduce } from './state/reducer';
import { activeToolOf, draftOf } from './state/selectors';
import { Session } from './state/session';
import { createStore } from './state/store';
import { visibleBox } from './state/viewTransform';
import './styles/main.css';
import { createTools } from './tools';

const SAVE_DELAY_MS = 250;

function start(): void {
  const api = acquireApi();
  const store = createStore(reduce, INITIAL_STATE);
  store.dispatch({ kind: 'restore', persisted: readPersisted(api.getState()) });
  const session: Session = new Session(
    store,
    (events) => connectHost(api, events),
    (_, data) => runPageCommand(session, toolHost, data),
  );
  const tools = createTools();
  const canvas = createCanvasView(session, () => toolHost);
  const toolHost: ToolHost = new ToolHost(session, tools, () => {
    canvas.invalidate();
    tell();
  });
  const run: Run = (command, args) => runPageCommand(session, toolHost, { command, args });

  const layout = createLayout(session, {
    toolbar: createToolbar(session, tools, run),
    canvas: canvas.element,
    overlays: [
      ...createBanners(session),
      createToolOptions(session),
      createDraftBar(session, run),
      createProposalsBar(session),
      createCategoryPicker(session),
      createLiveRegion(session),
    ],
    status: createStatusStrip(session, tools),
    panels: [
      createAnnotationsPanel(session, run),
      createDetailsPanel(session, run),
      createCategoriesPanel(session),
      createCaptionPanel(session),
      createPromptsPanel(session),
    ],
  });
  const root = document.getElementById('app') ?? document.body;
  root.append(layout);

  const tell = tellHost(session, root, () => toolHost.isBusy);
  persist(api, session);
  session.host.notify('page/ready', { protocolVersion: EDITOR_PROTOCOL_VERSION });
  void session.open();
}

/**
 * Keeps the host's `when` clauses and status bar in step.
 *
 * @returns to be called when the tool's gesture may have begun or ended
 */
function tellHost(session: Session, root: HTMLElement, isBusy: () => boolean): () => void {
  const { store, host } = session;
  let inputFocused = false;
  let told = '';
  const tell = (): void => {
    const state = store.get();
    if (state.phase !== 'open') return;
    const data = {
      ids: state.selection,
      tool: activeToolOf(state),
      // A polygon under way takes Enter, Escape and Backspace like a draft.
      hasDraft: draftOf(state) !== null || state.pending !== null || isBusy(),
      inputFocused,
    };
    const text = JSON.stringify(data);
    if (text === told) return;
    told = text;
    host.notify('selection/changed', data);
  };
  store.subscribe((state, before) => {
    const isSame = (
      ['selection', 'tool', 'temporaryTool', 'doc', 'pending', 'phase'] as const
    ).every((field) => state[field] === before[field]);
    if (!isSame) tell();
  });
  guardKeys(root, (focused) => {
    inputFocused = focused;
    tell();
  });
  return tell;
}

/** View state outlives the page; the view is told to the host once it rests. */
function persist(api: VsCodeApi, session: Session): void {
  const { store, host } = session;
  let timer = 0;
  let told: unknown = null;
  store.subscribe(() => {
    timer ||= window.setTimeout(() => {
      timer = 0;
      const state = store.get();
      api.setState(toPersisted(state));
      if (!state.info || state.view === told) return;
      told = state.view;
      const view = visibleBox(state.view, state.info.size, state.viewport);
      host.notify('view/changed', { view, zoom: state.view.scale });
    }, SAVE_DELAY_MS);
  });
}

start();
