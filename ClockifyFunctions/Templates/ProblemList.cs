using System.Collections.ObjectModel;
using System.Globalization;

namespace ClockifyFunctions.Templates;

/// <summary>A list of problems in the order of their detection. It keeps the first <see cref="Most"/> problems and only counts the others, to limit memory.</summary>
internal sealed class ProblemList : Collection<Problem>
{
    public const int Most = 100;

    private long _more;

    public bool IsFull => Count == Most;

    /// <summary>The kept problems, followed by an entry with the number of the others.</summary>
    public IReadOnlyList<Problem> Listed => _more == 0 ? this : (Problem[])[.. this, new Problem("$", string.Create(CultureInfo.InvariantCulture, $"and {_more} more; correct these first."))];

    public void AddRange(IEnumerable<Problem> problems)
    {
        foreach (var problem in problems) Add(problem);
    }

    /// <summary>Adds the problems of another list, and the number of problems that it only counted.</summary>
    public void AddRange(ProblemList problems)
    {
        AddRange((IEnumerable<Problem>)problems);
        AddMore(problems._more);
    }

    /// <summary>Counts items that were not examined because the list was full.</summary>
    public void AddMore(long count) => _more += count;

    protected override void InsertItem(int index, Problem item)
    {
        if (IsFull) _more++;
        else base.InsertItem(index, item);
    }
}
