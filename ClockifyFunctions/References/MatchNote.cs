namespace ClockifyFunctions.References;

/// <summary>A name that is written otherwise in Clockify: in other letter case, or with other spaces.</summary>
/// <param name="Reference">The reference's name; with its place in the list where that is not the first: <c>tags[1]</c>.</param>
/// <param name="Said">As the record has it.</param>
/// <param name="Is">As Clockify has it.</param>
internal sealed record MatchNote(string Reference, string Said, string Is, string Id);
