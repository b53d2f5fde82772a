using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Hosting;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.RateLimiting;

/// <summary>Lets one process at a time through the gate of a credential: the blob <c>gates/{credential}</c> under a lease.</summary>
internal sealed class GateKeeper(BlobAccount account, AppSettings settings, TimeProvider time, ILogger<GateKeeper> log)
{
    internal const string StateKey = "state", SuspendedKey = "suspended", SuspendedForKey = "suspendedfor";

    /// <summary>
    /// Tries to become the only sender for the credential.
    /// <list type="bullet">
    /// <item><see cref="GateEntry.Entered"/>: send, then leave the gate.</item>
    /// <item><see cref="GateEntry.Held"/>: somebody else is the sender and will see your records; do nothing.</item>
    /// <item><see cref="GateEntry.Suspended"/>: the API refused the key; send nothing until it changes or a person resumes it.</item>
    /// </list>
    /// </summary>
    public async Task<GateEntry> EnterAsync(Credential credential, CancellationToken cancel)
    {
        var blob = account.Gates.GetBlobClient(credential.Name);
        var lease = blob.GetBlobLeaseClient(Guid.NewGuid().ToString());

        // The clock is read before the request: when the answer arrives the lease may already be this much older.
        var asked = time.GetTimestamp();
        switch (await TryAcquireAsync(blob, lease, cancel))
        {
            case false: return new GateEntry.Held();
            case null:
                await CreateAsync(blob, cancel);
                asked = time.GetTimestamp();
                if (await TryAcquireAsync(blob, lease, cancel) != true) return new GateEntry.Held();
                break;
        }

        try
        {
            var read = await blob.GetPropertiesAsync(cancellationToken: cancel);
            var properties = read.Value;
            if (properties.Metadata.TryGetValue(SuspendedKey, out var reason)
                && properties.Metadata.TryGetValue(SuspendedForKey, out var fingerprint) && fingerprint == credential.Fingerprint)
            {
                await lease.ReleaseAsync(cancellationToken: cancel);
                return new GateEntry.Suspended(Uri.UnescapeDataString(reason));
            }

            var pacer = new Pacer(credential.Limits);
            var now = time.GetElapsedTime(0);
            if (PacerState.TryParse(properties.Metadata.TryGetValue(StateKey, out var text) ? text : null) is { } state)
            {
                // Both times are the storage service's own, in whole seconds; the lower bound of their distance is safe.
                var served = read.GetRawResponse().Headers.Date ?? properties.LastModified;
                var elapsed = served - properties.LastModified - TimeSpan.FromSeconds(1);
                pacer.Restore(state, now, elapsed > TimeSpan.Zero ? elapsed : TimeSpan.Zero);
            }
            else
            {
                Log.TakenOver(log, credential.Name);
                pacer.AssumeExhausted(now);
            }

            // Without a state in it the blob says "held": should this process vanish, its successor knows to be careful.
            await blob.SetMetadataAsync(new Dictionary<string, string>(), new BlobRequestConditions { LeaseId = lease.LeaseId }, cancel);
            return new GateEntry.Entered(new Gate(blob, lease, pacer, credential, settings.GateLeaseDuration, asked, time, log));
        }
        catch
        {
            // Entering failed half-way: give the lease back instead of keeping everybody out until it ends.
            await lease.ReleaseAsync(cancellationToken: CancellationToken.None).ContinueWith(static _ => { }, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>Ends a suspension by hand.</summary>
    public async Task ResumeAsync(string credential, CancellationToken cancel)
    {
        var blob = account.Gates.GetBlobClient(credential);
        var properties = (await blob.GetPropertiesAsync(cancellationToken: cancel)).Value;
        properties.Metadata.Remove(SuspendedKey);
        properties.Metadata.Remove(SuspendedForKey);
        await blob.SetMetadataAsync(properties.Metadata, new BlobRequestConditions { IfMatch = properties.ETag }, cancel);
    }

    /// <summary>Why the credential is suspended, or null.</summary>
    public async Task<string?> SuspensionAsync(Credential credential, CancellationToken cancel)
    {
        try
        {
            var metadata = (await account.Gates.GetBlobClient(credential.Name).GetPropertiesAsync(cancellationToken: cancel)).Value.Metadata;
            return metadata.TryGetValue(SuspendedKey, out var reason)
                && metadata.TryGetValue(SuspendedForKey, out var fingerprint) && fingerprint == credential.Fingerprint
                    ? Uri.UnescapeDataString(reason) : null;
        }
        catch (RequestFailedException none) when (none.Status == 404)
        {
            return null;
        }
    }

    /// <summary>True: acquired. False: somebody holds it. Null: there is no blob yet.</summary>
    private async Task<bool?> TryAcquireAsync(BlobClient blob, BlobLeaseClient lease, CancellationToken cancel)
    {
        try
        {
            await lease.AcquireAsync(settings.GateLeaseDuration, cancellationToken: cancel);
            return true;
        }
        catch (RequestFailedException held) when (held.ErrorCode == BlobErrorCode.LeaseAlreadyPresent)
        {
            return false;
        }
        catch (RequestFailedException none) when (none.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    private static async Task CreateAsync(BlobClient blob, CancellationToken cancel)
    {
        try
        {
            var fresh = new PacerState([], TimeSpan.Zero).Format();
            await blob.UploadAsync(
                BinaryData.Empty,
                new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All }, Metadata = new Dictionary<string, string> { [StateKey] = fresh } },
                cancel);
        }
        catch (RequestFailedException exists) when (exists.Status is 409 or 412)
        {
            // Created, and perhaps already leased, by another process.
        }
    }

    private static class Log
    {
        public static void TakenOver(ILogger log, string credential) =>
            log.LogWarning("Gate {Credential}: the last holder vanished; waiting a full window before the first call.", credential);
    }
}
