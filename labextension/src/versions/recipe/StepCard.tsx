import { caretDownIcon, caretUpIcon, closeIcon } from '@jupyterlab/ui-components';
import { useHost } from '../../host.js';
import { Button } from '../../parts/Button.js';
import { serverText } from '../../server-texts/server-text.js';
import type { Stage, StepDescription, StepParameter } from '../../wire.js';
import { parameterText } from './parameter-text.js';
import { ParameterField } from './ParameterField.js';
import type { PlannedStep, Refusal } from './recipe.js';

interface StepCardProps {
  readonly step: PlannedStep;
  readonly stage: Stage;
  /** Undefined for a step that this server does not have. */
  readonly about: StepDescription | undefined;
  readonly names: readonly string[];
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly refusal: Refusal | undefined;
  readonly onChange: (to: Partial<Pick<PlannedStep, 'settings' | 'probability'>>) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

/** One step of a recipe with all its settings, and what is wrong with it. */
export function StepCard({ step, stage, about, names, refusal, onChange, ...rest }: StepCardProps) {
  const { trans } = useHost();
  const title = about ? serverText(trans, about.title) : step.step;
  const help = about && serverText(trans, about.help);
  const set = (name: string) => (value: unknown) => {
    onChange({ settings: { ...step.settings, [name]: value } });
  };
  return (
    <li className="jp-rf-Step" data-step={step.step} aria-label={title}>
      <Head title={title} help={help} {...rest} />
      <div className="jp-rf-Settings-grid">
        {about?.parameters.map((parameter) => (
          <ParameterField
            key={parameter.name}
            parameter={parameterText(parameter, trans)}
            value={step.settings[parameter.name]}
            names={names}
            onChange={set(parameter.name)}
            invalid={refusal?.parameter === parameter.name}
          />
        ))}
        {stage === 'augment' && (
          <Probability
            value={step.probability}
            onChange={(probability) => {
              onChange({ probability });
            }}
          />
        )}
      </div>
      {refusal && (
        <p className="jp-rf-JobError" role="alert">
          {serverText(trans, refusal.message)}
        </p>
      )}
    </li>
  );
}

type HeadProps = Pick<StepCardProps, 'isFirst' | 'isLast' | 'onMove' | 'onRemove'> & {
  readonly title: string;
  readonly help: string | undefined;
};

function Head({ title, help, isFirst, isLast, onMove, onRemove }: HeadProps) {
  const { trans } = useHost();
  return (
    <div className="jp-rf-Step-head">
      <strong title={help}>{title}</strong>
      <Button
        kind="quiet"
        icon={caretUpIcon}
        title={trans.__('Move %1 up', title)}
        disabled={isFirst}
        onClick={() => {
          onMove(-1);
        }}
      />
      <Button
        kind="quiet"
        icon={caretDownIcon}
        title={trans.__('Move %1 down', title)}
        disabled={isLast}
        onClick={() => {
          onMove(1);
        }}
      />
      <Button kind="quiet" icon={closeIcon} title={trans.__('Remove %1', title)} onClick={onRemove} />
    </div>
  );
}

/** How often a step acts, in per cent for people. */
function Probability({ value, onChange }: { readonly value: number; readonly onChange: (value: number) => void }) {
  const { trans } = useHost();
  const parameter: StepParameter = {
    name: trans.__('chance'),
    type: 'number',
    default: 100,
    help: trans.__('How often the step acts on a copy'),
    low: 0,
    high: 100,
    whole: true,
    unit: '%',
    choices: [],
    count: null,
  };
  return (
    <ParameterField
      parameter={parameter}
      value={Math.round(value * 100)}
      names={[]}
      invalid={false}
      onChange={(percent) => {
        onChange(Number(percent) / 100);
      }}
    />
  );
}
