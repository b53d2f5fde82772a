using ClockifyFunctions.Templates;

namespace ClockifyFunctions.References;

/// <summary>Why a name stands for no object, or not for one.</summary>
/// <param name="Kind">Kind of the quarantine entry; see the constants.</param>
/// <param name="From">The attribute that has the name.</param>
/// <param name="Message">What was said, the candidates and the remedy.</param>
internal sealed record Failure(string Kind, AttributePath From, string Message)
{
    public const string Ambiguous = "ambiguous", Unresolved = "unresolved", Archived = "archived", WrongParent = "wrong parent", Hidden = "hidden", Invalid = "invalid";

    public Problem Problem => new(From.JsonPath, ToString());

    public override string ToString() => $"{Kind}: {Message}";
}
