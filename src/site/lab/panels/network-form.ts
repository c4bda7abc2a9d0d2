import type { PanelTexts } from '../../i18n/panel-en.ts';
import { fill } from '../../i18n/strings.ts';
import { button, element, newId } from './dom.ts';
import type { LinkChoice, MachineActions } from './machine-actions.ts';

const delayMsMax = 10_000;

/** Cuts or slows the network between two machines, both ways or one; heals all of it. */
export function networkForm(
  machines: readonly string[],
  text: PanelTexts,
  actions: () => MachineActions,
): HTMLElement {
  const from = select(machines);
  const to = select(machines.slice(1));
  const direction = select([]);
  const delay = element('input', {
    type: 'number',
    min: '0',
    max: String(delayMsMax),
    step: '50',
    value: '200',
    inputmode: 'numeric',
  });
  const refresh = () => {
    const others = machines.filter((machine) => machine !== from.value);
    fillSelect(to, others);
    fillSelect(direction, [
      ['both', text.bothWays],
      ['one', fill(text.oneWay, { from: from.value, to: to.value })],
    ]);
  };
  from.addEventListener('change', refresh);
  to.addEventListener('change', refresh);
  refresh();
  const choice = (): LinkChoice => ({
    from: from.value,
    to: to.value,
    oneWay: direction.value === 'one',
  });
  const slow = () => {
    const delayMs = Math.min(delayMsMax, Math.max(0, Math.round(Number(delay.value) || 0)));
    actions().slow(choice(), delayMs);
  };
  return element('details', { class: 'network-form' }, [
    element('summary', {}, [text.network]),
    element('div', { class: 'form-line' }, [
      labelled(text.from, from),
      labelled(text.to, to),
      labelled(text.direction, direction),
      button(text.cut, () => actions().cut(choice())),
    ]),
    element('div', { class: 'form-line' }, [
      labelled(text.delayMs, delay),
      button(text.slow, slow),
      button(text.healAll, () => actions().heal()),
    ]),
  ]);
}

function labelled(label: string, control: HTMLElement): HTMLElement {
  control.id = newId('network');
  return element('span', { class: 'field' }, [
    element('label', { for: control.id }, [label]),
    control,
  ]);
}

function select(values: readonly string[]): HTMLSelectElement {
  const created = element('select');
  fillSelect(created, values);
  return created;
}

/** Keeps the choice where it is still offered. */
function fillSelect(
  target: HTMLSelectElement,
  values: readonly (string | readonly [string, string])[],
): void {
  const { value } = target;
  const options = values.map((each) => {
    const [option, label] = typeof each === 'string' ? [each, each] : each;
    return element('option', { value: option }, [label]);
  });
  target.replaceChildren(...options);
  if (options.some((option) => option.value === value)) target.value = value;
}
