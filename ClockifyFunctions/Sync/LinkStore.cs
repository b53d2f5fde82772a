using System.Collections.Concurrent;
using Azure.Storage.Blobs.Models;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.References;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Sync;

/// <summary>The links that this process has in memory. Links that are not used for some time are removed, because they can be large.</summary>
internal sealed class LinkStore(BlobAccount account, TimeProvider time) : IExternalKeys
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Credential, string Destination), (Links Links, long OpenedAt)> _links = new();

    /// <summary>Read-only copies of links, for references by key and for the API.</summary>
    private readonly ConcurrentDictionary<(string Credential, string Destination), Links> _copies = new();

    /// <summary>Returns links that can be written. Only the holder of the gate calls this.</summary>
    /// <inheritdoc cref="Links.OpenAsync"/>
    public async Task<Links> OpenAsync(string credential, string destination, DateTimeOffset? expired, CancellationToken lost)
    {
        var now = time.GetTimestamp();
        foreach (var known in _links)
            if (time.GetElapsedTime(known.Value.OpenedAt, now) > KeptFor) _links.TryRemove(known);
        var (links, _) = _links.AddOrUpdate(
            (credential, destination),
            _ => (new Links(account, credential, destination), now),
            (_, known) => (known.Links.IsSound ? known.Links : new Links(account, credential, destination), now));
        try
        {
            await links.OpenAsync(lost, expired);
            return links;
        }
        catch
        {
            _links.TryRemove((credential, destination), out _);
            throw;
        }
    }

    /// <summary>Returns a copy that is only read.</summary>
    public async Task<Links> ReadAsync(string credential, string destination, CancellationToken cancel)
    {
        var links = new Links(account, credential, destination);
        await links.ReadAsync(cancel);
        return links;
    }

    /// <summary>Reads the links of all destinations to whose keys a destination refers.</summary>
    public async Task ReadReferencedAsync(Destination destination, CancellationToken cancel)
    {
        foreach (var of in destination.References.Select(reference => reference.Of).OfType<string>().Distinct()) _copies[(destination.Credential.Name, of)] = await ReadAsync(destination.Credential.Name, of, cancel);
    }

    /// <inheritdoc/>
    public ExternalKey Find(string credential, string destination, string key)
    {
        if ((_links.TryGetValue((credential, destination), out var open) ? open.Links : _copies.GetValueOrDefault((credential, destination))) is not { } known)
            return new ExternalKey.Unavailable($"Destination '{destination}' has no links that can be read. Use a destination with sync and credential '{credential}'.");
        return known.Find(Links.HashOf(key)) is { State: LinkState.Active or LinkState.Archived } link ? new ExternalKey.Linked(link.Id.ToString()) : new ExternalKey.Unknown();
    }

    public Run Run(string credential, string destination, string name) => new(account, credential, destination, name);

    /// <summary>The runs, each with the time of its last write.</summary>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> RunsAsync(string credential, string destination, CancellationToken cancel)
    {
        var (prefix, runs) = ($"{credential}/{destination}/runs/", new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal));
        await foreach (var blob in account.Links.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancel))
        {
            var name = blob.Name[prefix.Length..].Split('/')[0];
            var changed = blob.Properties.LastModified ?? DateTimeOffset.MinValue;
            if (!runs.TryGetValue(name, out var known) || known < changed) runs[name] = changed;
        }

        return runs;
    }

    public async Task DeleteRunAsync(string credential, string destination, string name, CancellationToken cancel)
    {
        await foreach (var blob in account.Links.GetBlobsAsync(BlobTraits.None, BlobStates.None, Sync.Run.Prefix(credential, destination, name), cancel))
            await account.Links.GetBlobClient(blob.Name).DeleteIfExistsAsync(cancellationToken: cancel);
    }
}
