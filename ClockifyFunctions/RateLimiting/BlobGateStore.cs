using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.RateLimiting;

/// <summary>Gates as empty blobs <c>gates/{gate}</c>: the lease of the gate is the lease of the blob, and the entries are its metadata.</summary>
/// <remarks>
/// The answers of the blob service and their meaning. <c>BlobLeaseBehaviourTests</c> checks each line.
/// <code>
/// acquire  201                                       ours
///          409 LeaseAlreadyPresent                   held (also while breaking)
///          404 BlobNotFound                          new: create, then acquire
/// renew    200                                       ours (also after expiry, if nobody took it meanwhile)
///          409 LeaseIsBrokenAndCannotBeRenewed       breaking, if the blob's lease state says so: leave soon; else lost
///          409 LeaseIdMismatchWithLeaseOperation     lost: another holder, or released
///          404 BlobNotFound                          lost: somebody deleted the gate
/// write    412 LeaseIdMismatchWithBlobOperation      lost: another holder
///          412 LeaseNotPresentWithBlobOperation      lost: ended, nobody holds it
///          412 LeaseLost                             lost
/// any      5xx, time-out, no connection              unknown: the lease runs on, ask again
/// </code>
/// </remarks>
internal sealed class BlobGateStore(BlobAccount account) : IGateStore
{
    public async Task<StoredGate?> AcquireAsync(string gate, string leaseId, TimeSpan duration, CancellationToken cancel)
    {
        var blob = Blob(gate);
        while (true)
        {
            try
            {
                await blob.GetBlobLeaseClient(leaseId).AcquireAsync(duration, cancellationToken: cancel);
                return await ReadAsync(gate, cancel);
            }
            catch (RequestFailedException held) when (held.ErrorCode == BlobErrorCode.LeaseAlreadyPresent)
            {
                return null;
            }
            catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.BlobNotFound)
            {
                await CreateAsync(blob, cancel);
            }
        }
    }

    public async Task<LeaseStatus> RenewAsync(string gate, string leaseId, CancellationToken cancel)
    {
        try
        {
            await Blob(gate).GetBlobLeaseClient(leaseId).RenewAsync(cancellationToken: cancel);
            return LeaseStatus.Ours;
        }
        catch (RequestFailedException broken) when (broken.ErrorCode == "LeaseIsBrokenAndCannotBeRenewed")
        {
            // The service has one error code for a lease that is being broken and for one that has ended.
            var properties = await Blob(gate).GetPropertiesAsync(cancellationToken: cancel);
            return properties.Value.LeaseState == LeaseState.Breaking ? LeaseStatus.Breaking : LeaseStatus.Lost;
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412)
        {
            return LeaseStatus.Lost;
        }
    }

    public async Task<bool> WriteAsync(string gate, string leaseId, IReadOnlyDictionary<string, string> entries, CancellationToken cancel)
    {
        try
        {
            await Blob(gate).SetMetadataAsync(new Dictionary<string, string>(entries), new BlobRequestConditions { LeaseId = leaseId }, cancel);
            return true;
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    public async Task ReleaseAsync(string gate, string leaseId, CancellationToken cancel)
    {
        try
        {
            await Blob(gate).GetBlobLeaseClient(leaseId).ReleaseAsync(cancellationToken: cancel);
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412)
        {
        }
    }

    public async Task BreakAsync(string gate, CancellationToken cancel)
    {
        try
        {
            // Without a break period the lease ends when it would have ended, as its holder assumes.
            await Blob(gate).GetBlobLeaseClient().BreakAsync(cancellationToken: cancel);
        }
        catch (RequestFailedException free) when (free.Status is 404 or 409)
        {
        }
    }

    public async Task<StoredGate?> ReadAsync(string gate, CancellationToken cancel)
    {
        try
        {
            var read = await Blob(gate).GetPropertiesAsync(cancellationToken: cancel);
            // Both times come from the service and have whole seconds. One second less is a lower bound.
            var served = read.GetRawResponse().Headers.Date ?? read.Value.LastModified;
            var elapsed = served - read.Value.LastModified - TimeSpan.FromSeconds(1);
            return new StoredGate(read.Value.Metadata.AsReadOnly(), elapsed > TimeSpan.Zero ? elapsed : TimeSpan.Zero, read.Value.ETag.ToString());
        }
        catch (RequestFailedException none) when (none.Status == 404)
        {
            return null;
        }
    }

    public async Task<bool> WriteFreeAsync(string gate, StoredGate read, IReadOnlyDictionary<string, string> entries, CancellationToken cancel)
    {
        try
        {
            await Blob(gate).SetMetadataAsync(new Dictionary<string, string>(entries), new BlobRequestConditions { IfMatch = new ETag(read.Version) }, cancel);
            return true;
        }
        catch (RequestFailedException busy) when (busy.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    private static async Task CreateAsync(BlobClient blob, CancellationToken cancel)
    {
        try
        {
            var options = new BlobUploadOptions
            {
                Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                Metadata = new Dictionary<string, string> { [GateKeeper.StateEntry] = PacerState.Fresh.Format() },
            };
            await blob.UploadAsync(BinaryData.Empty, options, cancel);
        }
        catch (RequestFailedException exists) when (exists.Status is 409 or 412)
        {
            // Another process has created the gate, and may hold its lease already.
        }
    }

    private BlobClient Blob(string gate) => account.Gates.GetBlobClient(gate);
}
