namespace ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

/// <summary>The parts of a request that differ each time: handed in, so that the encoding can be tested byte for byte.</summary>
internal sealed record InvocationStamp(string Function, DateTimeOffset UtcNow, Guid RandGuid);
