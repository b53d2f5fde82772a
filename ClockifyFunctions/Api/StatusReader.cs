using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Api;

/// <summary>Creates the status of a destination or a credential from one reading of the <see cref="Overview"/>.</summary>
internal sealed class StatusReader(Backlogs backlogs)
{
    public static Condition ConditionOf(StoredDestination stored, Overview.Reading reading)
    {
        var name = stored.Config.Credential!;
        return Condition.OfDestination(stored.State, name, reading.Credentials.Find(name), reading.Gates.GetValueOrDefault(name), reading.BacklogOf(stored)?.Cursor.PauseRound > 0);
    }

    /// <summary>Reads the status of a destination. If records wait, it costs one read of the backlog.</summary>
    /// <param name="mostBytes">Number of backlog bytes to read for counting; the records behind them are estimated.</param>
    public async Task<DestinationStatus> OfAsync(StoredDestination stored, Overview.Reading reading, CancellationToken cancel, int? mostBytes = null)
    {
        var name = stored.Config.Credential!;
        var (backlog, quarantine) = (reading.BacklogOf(stored), reading.Quarantined.GetValueOrDefault(stored.Id));
        var depth = backlog is null ? BacklogDepth.None : await backlogs.DepthAsync(backlog, cancel, mostBytes);
        return new DestinationStatus(
            stored.Id, stored.State, ConditionOf(stored, reading), TargetOf(stored.Config), name,
            new WaitingView(depth.Records, depth.IsExact, depth.Bytes, depth.Oldest is { } oldest ? Math.Max(0, Math.Round((reading.Now - oldest).TotalSeconds, 1)) : null),
            backlog?.Cursor.Delivered ?? 0, backlog?.Cursor.Warned ?? 0, quarantine.Entries, quarantine.Tag, reading.Gates.GetValueOrDefault(name)?.Holder,
            RateOf(reading.Credentials.Find(name), backlog is null ? [] : [backlog], reading.Now), backlog?.MovedAt, backlog?.Cursor.LastError)
        {
            Changes = (stored.Config.Sync ?? stored.Config.DedupeBy) is null ? null : backlog?.Cursor.Changes ?? default(ChangeCounts),
        };
    }

    public static CredentialView Of(Credential credential, Overview.Reading reading)
    {
        var (gate, own) = (reading.Gates.GetValueOrDefault(credential.Name), reading.BacklogsOf(credential.Name));
        return new CredentialView(
            credential.Name, reading.Credentials.IsManaged(credential.Name) ? CredentialSource.Managed : CredentialSource.Settings, credential.Fingerprint,
            credential.BaseUrl.AbsoluteUri, credential.Header, [.. credential.AllowedHosts.Select(host => host.Origin)], credential.InlineConfigs.ToString().ToLowerInvariant(), credential.Workspaces,
            Condition.OfCredential(credential, gate), RateOf(credential, own, reading.Now), gate?.Holder,
            own.Sum(backlog => backlog.Cursor.Throttled), reading.Destinations.Count(stored => stored.Config.Credential == credential.Name));
    }

    /// <summary>The calls of a credential in the last seconds, for all its destinations.</summary>
    public static CallsView CallsOf(string credential, Overview.Reading reading, TimeSpan span)
    {
        var own = reading.BacklogsOf(credential);
        return new CallsView(
            CallRates.KnownUntil(own, isSending: reading.Gates.GetValueOrDefault(credential)?.Holder is not null, reading.Now),
            CallRates.Points([.. own.Select(backlog => backlog.Cursor.RecentCalls)], reading.Now - span));
    }

    public static string TargetOf(DestinationConfig config) =>
        config.Sync is { } sync ? $"Synchronize {SyncObject.All.GetValueOrDefault(sync)?.Title.ToLowerInvariant() ?? sync}"
        : config.Endpoint is { } endpoint ? EndpointTemplate.Find(endpoint)?.Title ?? endpoint : $"{config.Method} {config.Url}";

    private static RateView RateOf(Credential? credential, IReadOnlyList<BacklogSummary> senders, DateTimeOffset now) => new(
        CallRates.PerSecond([.. senders.Select(backlog => backlog.Cursor.RecentCalls)], now),
        [.. (credential?.Limits ?? []).Select(limit => limit.ToString())], credential is null ? 0 : CallRates.MostPerSecond(credential.Limits));
}
