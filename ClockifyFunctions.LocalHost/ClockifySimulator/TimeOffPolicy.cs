namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>Its unit decides the shape of a request's period.</summary>
internal sealed record TimeOffPolicy(string Id, string Name, bool InHours);
