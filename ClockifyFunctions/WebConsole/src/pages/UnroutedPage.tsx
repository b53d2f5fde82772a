import { QuarantineView } from './QuarantineView';

/** Messages that belong to no destination. */
export const UnroutedPage = () => (
  <>
    <div class="title"><h1>Unrouted messages</h1></div>
    <p class="muted">These messages name no known destination. Replay them to a destination, or discard them.</p>
    <QuarantineView id="_unrouted" />
  </>
);
