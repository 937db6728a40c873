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
import type { Deliveries, Delivery } from '../../sync/deliveries.ts';
import type { OutboxItem } from '../../sync/outbox.ts';
import { jobKey } from '../../sync/saveJob.ts';
import { badgeText, outboxRow } from './outboxRow.ts';

/** The view of what waits to be sent: there only while something does. */
export class OutboxView implements TreeDataProvider<OutboxItem>, Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #deliveries: Pick<Deliveries, 'items' | 'find'>;
  readonly #view: TreeView<OutboxItem>;

  constructor(deliveries: Pick<Deliveries, 'items' | 'find'>) {
    this.#deliveries = deliveries;
    this.#view = window.createTreeView('ftps.outbox', { treeDataProvider: this, canSelectMany: true });
    this.refresh();
  }

  /** To be called when something has changed. */
  refresh(): void {
    const count = this.#held().length;
    void commands.executeCommand('setContext', 'ftps.outboxHasItems', count > 0);
    this.#view.badge = count > 0 ? { value: count, tooltip: badgeText(count) } : undefined;
    this.#changed.fire();
  }

  getChildren(row?: OutboxItem): OutboxItem[] {
    return row ? [] : this.#held().map(({ job }) => job);
  }

  getTreeItem(row: OutboxItem): TreeItem {
    const delivery = this.#deliveries.find(row);
    if (!delivery) return new TreeItem('');
    const timeOf = (moment: number): string => new Date(moment).toLocaleTimeString();
    const { label, description, tooltip, icon, contextValue } = outboxRow(delivery, timeOf);
    const item = new TreeItem(label);
    item.id = jobKey(row);
    item.description = description;
    item.tooltip = tooltip;
    item.iconPath = new ThemeIcon(icon);
    item.contextValue = contextValue;
    item.resourceUri = Uri.file(delivery.job.localFile);
    item.accessibilityInformation = { label: `${label}, ${description}` };
    if (contextValue !== 'outbox-gone') {
      item.command = { command: 'ftps.outboxOpen', title: 'Open', arguments: [row] };
    }
    return item;
  }

  dispose(): void {
    this.#view.dispose();
    this.#changed.dispose();
  }

  /** What is simply on its way shows in the status bar. */
  #held(): readonly Delivery[] {
    return this.#deliveries.items.filter(({ isHeldUp }) => isHeldUp);
  }
}
