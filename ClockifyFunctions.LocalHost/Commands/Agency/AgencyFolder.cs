using System.Text.Json;
using System.Text.Json.Nodes;
using ClockifyFunctions.LocalHost.ClockifySimulator;

namespace ClockifyFunctions.LocalHost.Commands.Agency;

/// <summary>
/// An example job: <c>workspace.json</c> is the initial workspace, <c>destination.json</c> imports <c>time-entries.csv</c>, and
/// <c>expected.json</c> contains the expected result.
/// </summary>
internal sealed record AgencyFolder(WorkspaceFile Workspace, string Destination, byte[] Rows, Expectation Expected)
{
    /// <exception cref="InvalidOperationException">A file cannot be read, with the reason.</exception>
    public static AgencyFolder Read(string folder)
    {
        var workspace = WorkspaceFile.Read(Path.Combine(folder, "workspace.json"));
        return Read("destination.json", destination => Read("expected.json", expected => Read("time-entries.csv", rows => new AgencyFolder(
            workspace, File.ReadAllText(destination), File.ReadAllBytes(rows), Expectation.Parse(File.ReadAllText(expected))))));

        T Read<T>(string name, Func<string, T> read)
        {
            var path = Path.Combine(folder, name);
            try
            {
                return read(path);
            }
            catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or JsonException)
            {
                throw new InvalidOperationException($"{path} cannot be read: {wrong.Message}", wrong);
            }
        }
    }

    /// <summary>The attribute that identifies a row: that of the destination's <c>key</c>, such as <c>{record.Nr}</c>, else the one that the expectation uses.</summary>
    public string KeyAttribute => (string?)JsonNode.Parse(Destination)?["key"] is { } key && key.StartsWith("{record.", StringComparison.Ordinal) ? key["{record.".Length..].TrimEnd('}') : Expected.KeyName;
}
