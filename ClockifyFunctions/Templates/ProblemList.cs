using System.Collections.ObjectModel;
using System.Globalization;

namespace ClockifyFunctions.Templates;

/// <summary>Problems in the order in which they are found. Keeps the first <see cref="Most"/> and counts the others, so that the memory for them does not grow with the input.</summary>
internal sealed class ProblemList : Collection<Problem>
{
    public const int Most = 100;

    private long _more;

    public bool IsFull => Count == Most;

    /// <summary>The problems that are kept, and how many more there are.</summary>
    public IReadOnlyList<Problem> Listed => _more == 0 ? this : (Problem[])[.. this, new Problem("$", string.Create(CultureInfo.InvariantCulture, $"and {_more} more; correct these first."))];

    public void AddRange(IEnumerable<Problem> problems)
    {
        foreach (var problem in problems) Add(problem);
    }

    /// <summary>With those that the other list only counted.</summary>
    public void AddRange(ProblemList problems)
    {
        AddRange((IEnumerable<Problem>)problems);
        AddMore(problems._more);
    }

    /// <summary>Counts what was not examined, because the list is full.</summary>
    public void AddMore(long count) => _more += count;

    protected override void InsertItem(int index, Problem item)
    {
        if (IsFull) _more++;
        else base.InsertItem(index, item);
    }
}
