using ClockifyFunctions.Templates;

namespace ClockifyFunctions.References;

/// <summary>The reason why a name does not stand for exactly one object.</summary>
/// <param name="Kind">The kind of the quarantine entry; see the constants.</param>
/// <param name="From">The attribute that contains the name.</param>
/// <param name="Message">The name in the record, the candidates and the remedy.</param>
internal sealed record Failure(string Kind, AttributePath From, string Message)
{
    public const string Ambiguous = "ambiguous", Unresolved = "unresolved", Archived = "archived", WrongParent = "wrong parent", Hidden = "hidden", Invalid = "invalid";

    public Problem Problem => new(From.JsonPath, ToString());

    public override string ToString() => $"{Kind}: {Message}";
}
