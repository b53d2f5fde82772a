import { api, type Condition } from '../api';
import { announce, attempt } from './announce';

export const ConditionPill = ({ condition }: { condition: Condition }) => <span class={`pill ${condition.kind}`}>{condition.text}</span>;

/** Reason and remedy of a condition, and the button that ends a suspension. */
export function ConditionBox({ condition, credential, onChange }: { condition: Condition; credential: string; onChange: () => void }) {
  if (condition.kind === 'active' || condition.kind === 'paused') return null;
  const resume = () => attempt(async () => {
    await api.resume(credential);
    announce(`Credential ${credential} is resumed.`);
    onChange();
  });
  return (
    <div class={`box ${condition.kind === 'stopped' ? 'bad' : 'warn'} condition`}>
      <p><b>{condition.text}.</b> {condition.reason} {condition.remedy}</p>
      {condition.canResume && <button onClick={resume}>Resume</button>}
    </div>
  );
}
