// Starts the blob service of Azurite, and keeps leases across its restarts. After a restart, Azurite reads the times of leases as strings, so that each
// comparison with the current time ends the lease. This script converts the strings to dates. Real storage ends no lease early.
const LeaseFactory = require('azurite/dist/src/blob/lease/LeaseFactory').default;

const createLeaseState = LeaseFactory.createLeaseState;
const time = (value) => (typeof value === 'string' ? new Date(value) : value);

LeaseFactory.createLeaseState = (lease, context) => {
  lease.leaseExpireTime = time(lease.leaseExpireTime);
  lease.leaseBreakTime = time(lease.leaseBreakTime);
  return createLeaseState(lease, context);
};

require('azurite/dist/src/blob/main');
