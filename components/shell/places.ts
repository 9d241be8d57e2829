import {
  BanknoteIcon,
  ChartNoAxesColumnIcon,
  type Icon,
  InboxIcon,
  LayersIcon,
  ReceiptTextIcon,
  ScaleIcon,
  Settings2Icon,
  TicketPercentIcon,
  UsersIcon,
} from '../ui/icons';
import type { Place } from './types';

export const PLACES: readonly { place: Place; label: string; href: string; icon: Icon }[] = [
  { place: 'today', label: 'Today', href: '/', icon: InboxIcon },
  { place: 'customers', label: 'Customers', href: '/customers', icon: UsersIcon },
  { place: 'invoices', label: 'Invoices', href: '/invoices', icon: ReceiptTextIcon },
  { place: 'payments', label: 'Payments', href: '/payments', icon: BanknoteIcon },
  { place: 'plans', label: 'Plans', href: '/plans', icon: LayersIcon },
  { place: 'deals', label: 'Deals', href: '/deals', icon: TicketPercentIcon },
  { place: 'insights', label: 'Insights', href: '/insights', icon: ChartNoAxesColumnIcon },
  { place: 'books', label: 'Books', href: '/books', icon: ScaleIcon },
  { place: 'settings', label: 'Settings', href: '/settings', icon: Settings2Icon },
];
