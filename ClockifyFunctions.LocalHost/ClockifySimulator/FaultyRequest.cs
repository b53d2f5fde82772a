namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>What a scripted fault can look at. The path is the whole one: <c>/api/v1/…</c>, without the query.</summary>
internal sealed record FaultyRequest(string Method, string Path, string Body);
