import { isDeepStrictEqual } from 'node:util';
import { type QuickPickItem, QuickInputButtons, window } from 'vscode';

/** An answer, or which way the user went instead. */
export type StepResult<T> = { readonly answer: T } | 'back' | 'cancelled';

interface StepPlace {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

export interface TextStep extends StepPlace {
  readonly prompt: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly password?: boolean;
  /** What is wrong with a value; undefined when nothing is. */
  readonly problem: (value: string) => string | undefined;
}

export function askText(step: TextStep): Promise<StepResult<string>> {
  const input = window.createInputBox();
  input.title = step.title;
  input.step = step.step;
  input.totalSteps = step.totalSteps;
  input.prompt = step.prompt;
  input.value = step.value;
  input.placeholder = step.placeholder ?? '';
  input.password = step.password ?? false;
  input.onDidChangeValue(() => {
    input.validationMessage = undefined;
  });
  return ask(input, step, (end) => {
    input.onDidAccept(() => {
      const problem = step.problem(input.value);
      if (problem === undefined) end({ answer: input.value });
      else input.validationMessage = problem;
    });
  });
}

export interface ChoiceStep<T> extends StepPlace {
  readonly placeholder: string;
  readonly items: readonly (QuickPickItem & { readonly value: T })[];
  readonly active: T;
}

export function askChoice<T>(step: ChoiceStep<T>): Promise<StepResult<T>> {
  const pick = window.createQuickPick<QuickPickItem & { readonly value: T }>();
  pick.title = step.title;
  pick.step = step.step;
  pick.totalSteps = step.totalSteps;
  pick.placeholder = step.placeholder;
  pick.items = step.items;
  const active = step.items.filter(({ value }) => isDeepStrictEqual(value, step.active));
  // With nothing active Enter would do nothing; left alone, VS Code takes the first.
  if (active.length > 0) pick.activeItems = active;
  return ask(pick, step, (end) => {
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (chosen) end({ answer: chosen.value });
    });
  });
}

type Input = ReturnType<typeof window.createInputBox> | ReturnType<typeof window.createQuickPick>;

function ask<T>(
  input: Input,
  { step }: StepPlace,
  listen: (end: (result: StepResult<T>) => void) => void,
): Promise<StepResult<T>> {
  return new Promise((resolve) => {
    const end = (result: StepResult<T>) => {
      resolve(result);
      input.dispose();
    };
    input.ignoreFocusOut = true;
    input.buttons = step > 1 ? [QuickInputButtons.Back] : [];
    input.onDidTriggerButton(() => end('back'));
    input.onDidHide(() => end('cancelled'));
    listen(end);
    input.show();
  });
}
