// Azurite's blob service, whose leases outlive a restart. Azurite keeps its catalogue as JSON and reads the times in it back as texts;
// a lease compares the time of day with such a text, and has ended. Real storage ends no lease before its time.
const LeaseFactory = require('azurite/dist/src/blob/lease/LeaseFactory').default;

const createLeaseState = LeaseFactory.createLeaseState;
const time = (value) => (typeof value === 'string' ? new Date(value) : value);

LeaseFactory.createLeaseState = (lease, context) => {
  lease.leaseExpireTime = time(lease.leaseExpireTime);
  lease.leaseBreakTime = time(lease.leaseBreakTime);
  return createLeaseState(lease, context);
};

require('azurite/dist/src/blob/main');
