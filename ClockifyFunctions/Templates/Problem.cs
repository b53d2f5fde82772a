namespace ClockifyFunctions.Templates;

/// <summary>One thing wrong with what a person or a record said.</summary>
/// <param name="Path">JSON path of the place, for example <c>$.inputs.workspaceId</c>.</param>
/// <param name="Message">What is wrong with the value, and the remedy.</param>
public sealed record Problem(string Path, string Message)
{
    public override string ToString() => $"{Path}: {Message}";
}
