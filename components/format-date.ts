export {
  type DateStyle,
  formatDay,
  formatInstant,
  formatRelative,
  zonePlace,
} from '@/lib/billing/periods/date-words';
