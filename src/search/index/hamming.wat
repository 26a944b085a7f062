(module
  (memory (export "memory") 3)
  ;; Of each of $count rows of $stride bytes how many bits differ from the query, at $out as 16-bit numbers; how many rows differ
  ;; in so many bits is added up at $having. With a $list of 32-bit numbers it is those rows of $rows; where that is 0, one after
  ;; the other, and only rows are counted whose byte at $mask is 1. One function, since a call for each row takes a fifth longer.
  (func (export "compare") (param $query i32) (param $rows i32) (param $count i32) (param $stride i32) (param $list i32)
    (param $mask i32) (param $out i32) (param $having i32)
    (local $row i32) (local $at i32) (local $end i32) (local $distance i32) (local $more i32)
    (local $few v128) (local $sum v128)
    (local.set $row (local.get $rows))
    (block $done
      (loop $each
        (br_if $done (i32.eqz (local.get $count)))
        (if (local.get $list) (then
          (local.set $row (i32.add (local.get $rows) (i32.mul (i32.load (local.get $list)) (local.get $stride))))
          (local.set $list (i32.add (local.get $list) (i32.const 4)))))
        (local.set $at (i32.const 0))
        (local.set $sum (v128.const i32x4 0 0 0 0))
        (loop $part
          ;; So many bytes that the sixteen counts of a part stay below 256.
          (local.set $end (i32.add (local.get $at) (i32.const 496)))
          (if (i32.gt_u (local.get $end) (local.get $stride)) (then (local.set $end (local.get $stride))))
          (local.set $few (v128.const i32x4 0 0 0 0))
          (loop $lane
            (local.set $few (i8x16.add (local.get $few) (i8x16.popcnt (v128.xor
              (v128.load (i32.add (local.get $row) (local.get $at)))
              (v128.load (i32.add (local.get $query) (local.get $at)))))))
            (br_if $lane (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
          (local.set $sum (i32x4.add (local.get $sum)
            (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u (local.get $few)))))
          (br_if $part (i32.lt_u (local.get $at) (local.get $stride))))
        (local.set $distance (i32.add
          (i32.add (i32x4.extract_lane 0 (local.get $sum)) (i32x4.extract_lane 1 (local.get $sum)))
          (i32.add (i32x4.extract_lane 2 (local.get $sum)) (i32x4.extract_lane 3 (local.get $sum)))))
        (i32.store16 (local.get $out) (local.get $distance))
        (local.set $more (i32.const 1))
        (if (i32.eqz (local.get $list)) (then
          (local.set $more (i32.load8_u (local.get $mask)))
          (local.set $mask (i32.add (local.get $mask) (i32.const 1)))
          (local.set $row (i32.add (local.get $row) (local.get $stride)))))
        (local.set $at (i32.add (local.get $having) (i32.shl (local.get $distance) (i32.const 2))))
        (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (local.get $more)))
        (local.set $out (i32.add (local.get $out) (i32.const 2)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $each))))
)
