/** A user at VS Code's input boxes and lists, who presses Enter in each of them. */
export class QuickInputs {
  readonly #typed: Readonly<Record<string, string>>;
  /** What each step was left with, by its prompt or placeholder. */
  readonly left: string[] = [];

  readonly vscode = {
    QuickInputButtons: { Back: {} },
    window: {
      createInputBox: () => new Box((box) => this.#type(box)),
      createQuickPick: () => new Pick((pick) => this.#leave(pick.placeholder, pick.selectedItems[0]?.label)),
    },
  };

  /** @param typed what is typed instead of what stands there, by how the prompt begins */
  constructor(typed: Readonly<Record<string, string>>) {
    this.#typed = typed;
  }

  #type(box: Box): void {
    const answer = Object.entries(this.#typed).find(([prompt]) => box.prompt.startsWith(prompt));
    if (answer) box.value = answer[1];
    this.#leave(box.prompt, box.value);
  }

  #leave(prompt: string, answer: string | undefined): void {
    this.left.push(`${prompt}: ${answer ?? 'nothing is chosen'}`);
  }
}

abstract class Input {
  #accept: () => void = () => undefined;
  #hide: () => void = () => undefined;

  onDidAccept(listener: () => void): void {
    this.#accept = listener;
  }

  onDidHide(listener: () => void): void {
    this.#hide = listener;
  }

  onDidTriggerButton(): void {}

  onDidChangeValue(): void {}

  dispose(): void {}

  /** Enter, and Escape where that leads nowhere. */
  protected enter(): void {
    this.#accept();
    this.#hide();
  }
}

class Box extends Input {
  prompt = '';
  value = '';

  constructor(readonly type: (box: Box) => void) {
    super();
  }

  show(): void {
    this.type(this);
    this.enter();
  }
}

interface Item {
  readonly label: string;
}

class Pick extends Input {
  placeholder = '';
  activeItems: readonly Item[] = [];
  #items: readonly Item[] = [];

  constructor(readonly look: (pick: Pick) => void) {
    super();
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  set items(items: readonly Item[]) {
    this.#items = items;
    this.activeItems = items.slice(0, 1);
  }

  get selectedItems(): readonly Item[] {
    return this.activeItems;
  }

  show(): void {
    this.look(this);
    this.enter();
  }
}
