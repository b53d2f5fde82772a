namespace ClockifyFunctions.Destinations;

/// <summary>The document <c>destinations/{id}.json</c>.</summary>
public sealed record StoredDestination(string Id, DestinationState State, DestinationConfig Config);
