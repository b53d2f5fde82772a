namespace ClockifyFunctions.References;

/// <summary>A name that Clockify writes differently: with other letter case or other spaces.</summary>
/// <param name="Reference">The name of the reference. From the second item of a list on, it includes the index: <c>tags[1]</c>.</param>
/// <param name="Said">The name in the record.</param>
/// <param name="Is">The name in Clockify.</param>
internal sealed record MatchNote(string Reference, string Said, string Is, string Id);
