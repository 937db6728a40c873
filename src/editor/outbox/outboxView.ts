import {
  commands,
  type Disposable,
  EventEmitter,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  type TreeView,
  Uri,
  window,
} from 'vscode';
import type { Delivery } from '../../sync/deliveries.ts';
import { jobKey } from '../../sync/saveJob.ts';
import { badgeText, outboxRow } from './outboxRow.ts';

/** What is shown of the outbox, by the key of each item. */
export type OutboxNode = { readonly key: string };

/** The view of what waits to be sent: there only while something does. */
export class OutboxView implements TreeDataProvider<OutboxNode>, Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #items: () => readonly Delivery[];
  readonly #view: TreeView<OutboxNode>;
  #nodes = new Map<string, OutboxNode>();

  /** @param items all that has not arrived */
  constructor(items: () => readonly Delivery[]) {
    this.#items = items;
    this.#view = window.createTreeView('ftps.outbox', { treeDataProvider: this, canSelectMany: true });
    this.refresh();
  }

  /** To be called when something has changed. */
  refresh(): void {
    const held = this.#held();
    const count = held.length;
    this.#nodes = new Map(held.map(({ job }) => [jobKey(job), this.#nodes.get(jobKey(job)) ?? nodeOf(job)]));
    void commands.executeCommand('setContext', 'ftps.outboxHasItems', count > 0);
    this.#view.badge = count > 0 ? { value: count, tooltip: badgeText(count) } : undefined;
    this.#changed.fire();
  }

  find(node: OutboxNode): Delivery | undefined {
    return this.#held().find(({ job }) => jobKey(job) === node.key);
  }

  getChildren(node?: OutboxNode): OutboxNode[] {
    return node ? [] : [...this.#nodes.values()];
  }

  getTreeItem(node: OutboxNode): TreeItem {
    const delivery = this.find(node);
    if (!delivery) return new TreeItem('');
    const timeOf = (moment: number): string => new Date(moment).toLocaleTimeString();
    const { label, description, tooltip, icon, contextValue } = outboxRow(delivery, timeOf);
    const item = new TreeItem(label);
    item.id = node.key;
    item.description = description;
    item.tooltip = tooltip;
    item.iconPath = new ThemeIcon(icon);
    item.contextValue = contextValue;
    item.resourceUri = Uri.file(delivery.job.localFile);
    item.accessibilityInformation = { label: `${label}, ${description}` };
    if (contextValue !== 'outbox-gone') {
      item.command = { command: 'ftps.outboxOpen', title: 'Open', arguments: [node] };
    }
    return item;
  }

  dispose(): void {
    this.#view.dispose();
    this.#changed.dispose();
  }

  /** What is simply on its way shows in the status bar. */
  #held(): readonly Delivery[] {
    return this.#items().filter(({ isHeldUp }) => isHeldUp);
  }
}

function nodeOf(job: Delivery['job']): OutboxNode {
  return { key: jobKey(job) };
}
