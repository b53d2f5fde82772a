using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Functions.Api;

internal sealed record DestinationView(string Id, DestinationState State, DestinationConfig Config);

internal sealed record DestinationStatus(string Id, DestinationState State, string Credential, long WaitingBytes, long Delivered, long Quarantined, string? Holder, string? Suspended);

internal sealed record AcceptedRecords(int Count, IReadOnlyList<string> Ids);

/// <param name="StorageTransactions">By this process, since it started.</param>
/// <param name="GateTransactions">The part of them that gates cost.</param>
internal sealed record AppStatus(bool Ready, long StorageTransactions, long GateTransactions, IReadOnlyList<string> Credentials);

/// <summary>RFC 9457.</summary>
internal sealed record ProblemDetailsView(string Title, int Status, string? Detail = null, IReadOnlyList<Problem>? Errors = null);

/// <summary>Which entries of a quarantine: <paramref name="Ids"/>, or <paramref name="All"/>.</summary>
/// <param name="Destination">For messages that named no known destination: where they belong.</param>
internal sealed record QuarantineSelection(IReadOnlyList<string>? Ids = null, bool All = false, string? Destination = null)
{
    /// <summary>Null: all.</summary>
    internal IReadOnlyCollection<string>? Chosen => All ? null : Ids;
}
